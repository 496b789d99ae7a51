"""Good values for every argument of everything public, a file a room, so that `fuzz.py` can spoil one at a time.

A name that is missing fails a test: new code does not escape. A function or class maps to its arguments, a method to
itself, of some object, and its arguments. What has a default needs no value, unless that is None or says too little.
"""

from . import course, defences, experiments, loop, metrics, models, plots, shared, theory, web, worlds
from .exceptions import EXCEPTIONS, LEFT_OUT
from .kinds import Anything, Either, Ours, Shaped

__all__ = ["EXCEPTIONS", "INPUTS", "LEFT_OUT", "Anything", "Either", "Ours", "Shaped"]

ROOMS = (shared, loop, plots, theory, worlds, models, metrics, web, defences, experiments, course)
INPUTS = {name: make for room in ROOMS for name, make in room.INPUTS.items()}
