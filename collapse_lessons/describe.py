"""Say what a value is by its contents, in the same words in every session: to know a model, or a run, again.

It follows the rules by which Python copies a value (`copy.deepcopy`), so whatever goes round the loop can be described.
"""

import copyreg
import dataclasses
import hashlib
import json
import math
import re
import sys
from types import BuiltinMethodType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
import pandas as pd

from collapse_lessons import checks

LONG = 1000  # characters of JSON: what is longer is told by its hash
DEEPEST = 30  # levels of things in things: what is tied to all of a program, such as a figure, would never end
LIBRARIES = ("torch", "transformers")  # their layers say all there is to know when they are printed


def identity(name: str, value: Any) -> Any:
    """Return what `value` is made of, as JSON has it: equal for values of the same class and contents.

    An array counts with its dtype and shape, an object with its attributes (those of a dataclass that `compare=False`
    leaves out apart), a function with its name, its defaults and what it closes over, one without a name with its code.
    Raises a TypeError that calls the value `name` if something in it can't be copied either, such as an open file.
    """
    try:
        return _identity(value, ())
    except Exception as error:  # a class can raise anything where it is asked for its state
        raise TypeError(
            f"{name} must be something that can be copied, to know it again by its contents, got "
            f"{type(value).__name__}, of which something can't ({error}): leave that out in its __getstate__"
        ) from error


def printed(value: Any) -> str:
    """Return how a value prints, without memory addresses: a function as its name, an object with its attributes."""
    if callable(value) and hasattr(value, "__name__"):
        return value.__name__
    if type(value).__repr__ is object.__repr__:
        settings = (f"{name}={_text(part):.40}" for name, part in getattr(value, "__dict__", {}).items())
        return f"{type(value).__name__}({', '.join(settings)})"
    return _text(value)


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes, as 64 hexadecimal digits."""
    checks.instance("content", content, bytes, "use text.encode(), or X.tobytes()")
    return hashlib.sha256(content).hexdigest()


def _text(value):
    """Return the repr of a value on one line, what stands in it as <function f at 0x...> by its name."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # it is somebody else's
        return f"an instance of {type(value).__name__}"
    text = re.sub(r"<function (\S+) at 0x[0-9a-fA-F]+>", r"\1", text)
    text = re.sub(r"<(?:[\w.]|<locals>)*?(\w+) object at 0x[0-9a-fA-F]+>", r"\1()", text)
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def _identity(value, inside):
    """Describe a value; `inside` are the ids of what it is a part of, for things that hold themselves."""
    if value is None or type(value) in (bool, int):
        return hex(value) if type(value) is int and value.bit_length() > 4096 else value  # JSON writes no more digits
    if type(value) is float:
        return value if math.isfinite(value) else repr(value)  # JSON knows no infinity, and NaN is not equal to itself
    if type(value) is str:
        return value if len(value) < LONG else f"{len(value)} characters, sha256 {_hash(value)}"
    if type(value) in (complex, bytes, bytearray):
        return f"{type(value).__name__}, sha256 {_hash(repr(value))}"
    if len(inside) > DEEPEST:
        raise ValueError(f"it goes on for more than {DEEPEST} levels, as a figure does")
    if id(value) in inside:
        return f"what is {len(inside) - inside.index(id(value))} level(s) further out"
    inside = (*inside, id(value))
    if isinstance(value, np.ndarray | np.generic):
        return _array(value, inside)
    if isinstance(value, pd.DataFrame | pd.Series | pd.Index):
        return _table(value, inside)
    if type(value) in (list, tuple):
        return _short([_identity(part, inside) for part in value])
    if type(value) in (set, frozenset):
        return _short(sorted((_identity(part, inside) for part in value), key=_json))
    if type(value) is dict:
        return _dict(value, inside)
    if isinstance(value, type | ModuleType):
        return _name(value)
    if isinstance(value, FunctionType):
        return _function(value, inside)
    if isinstance(value, MethodType | BuiltinMethodType):
        owner = value.__self__
        return {"method": value.__name__, "of": _identity(owner, inside)}
    if (torch := sys.modules.get("torch")) and isinstance(value, torch.Tensor):
        return _tensor(value, torch)
    if torch and isinstance(value, torch.nn.Module):
        return _network(value, inside)
    return _object(value, inside)


def _array(value, inside):
    if isinstance(value, np.generic) and value.dtype.kind in "biuf" and value.dtype != np.longdouble:
        return _identity(value.item(), ())
    value = np.asanyarray(value)
    about = f"{value.dtype} {value.shape}"
    if not isinstance(value, np.memmap) and type(value) is not np.ndarray:
        about = f"{_name(type(value))} of {about}"
    if isinstance(value, np.ma.MaskedArray):
        hidden = np.ma.getmaskarray(value)
        return {"array": about, "mask": _array(hidden, inside), "data": _array(value.filled(), inside)}
    value = np.asarray(value)
    if value.dtype.names:  # the bytes between fields can be anything
        return {"array": about} | {name: _array(value[name], inside) for name in value.dtype.names}
    if value.dtype.kind in "OT":
        return {"array": about, "entries": _identity(value.ravel().tolist(), inside)}
    if value.dtype.char in "gG":  # a long double is padded with whatever lay there
        double = value.astype(complex if value.dtype.char == "G" else float)
        with np.errstate(invalid="ignore"):
            rest = (value - double).astype(double.dtype)
        return f"{about}, sha256 {sha256(double.tobytes() + rest.tobytes())}"
    return f"{about}, sha256 {sha256(value.tobytes())}"


def _table(value, inside):
    about = {"class": _name(type(value))}
    if isinstance(value, pd.DataFrame):
        columns = [_table(value.iloc[:, i], inside) for i in range(value.shape[1])]
        return about | {"columns": _table(value.columns, inside), "values": columns}
    about |= {
        "dtype": str(value.dtype),
        "values": _array(value.to_numpy(), inside),
        "name": _identity(value.name, inside),
    }
    if isinstance(value.dtype, pd.CategoricalDtype):
        about |= {"categories": _table(value.dtype.categories, inside), "ordered": value.dtype.ordered}
    return about | ({"index": _table(value.index, inside)} if isinstance(value, pd.Series) else {})


def _dict(value, inside):
    if all(type(key) is str for key in value):
        return _short({key: _identity(part, inside) for key, part in value.items()})
    return _short(sorted(([_identity(part, inside) for part in pair] for pair in value.items()), key=_json))


def _function(value, inside):
    about = {"function": _name(value)}
    for name, held in (("defaults", value.__defaults__), ("keywords", value.__kwdefaults__)):
        about |= {name: _identity(held, inside)} if held else {}
    if value.__closure__:
        about["closure"] = [_held(cell, inside) for cell in value.__closure__]
    return about | ({"code": _hash(_code(value.__code__))} if value.__name__ == "<lambda>" else {})


def _held(cell, inside):
    """Describe what a function closes over; of what can't be copied, such as a file, no more than the class."""
    try:
        held = cell.cell_contents
    except ValueError:
        return "nothing yet"
    try:
        return _identity(held, inside)
    except Exception:
        return _name(type(held))


def _code(code):
    """Return what a piece of code does, without the file and the lines where it stands."""
    parts = [_code(part) if hasattr(part, "co_code") else repr(part) for part in code.co_consts]
    return f"{sys.version_info[:2]} {code.co_code.hex()} {code.co_names} {code.co_varnames} {parts}"


def _tensor(value, torch):
    numbers = value.detach().cpu().contiguous()
    content = numbers.reshape(-1).view(torch.uint8).numpy().tobytes()
    return f"{numbers.dtype} {tuple(numbers.shape)}, sha256 {sha256(content)}"


def _network(value, inside):
    weights = {name: _identity(tensor, inside) for name, tensor in value.state_dict().items()}
    settings = {
        f"{name}.{setting}": _identity(held, inside)
        for name, part in value.named_modules()
        if type(part).__module__.partition(".")[0] not in LIBRARIES
        for setting, held in vars(part).items()
        if not setting.startswith("_") and setting != "training"
    }
    return {"class": _name(type(value)), "structure": _short(repr(value)), "weights": _short(weights), **settings}


def _object(value, inside):
    """Describe anything else by what a copy of it would be made from."""
    reduce = copyreg.dispatch_table.get(type(value))
    reduced = reduce(value) if reduce else value.__reduce_ex__(4)
    if isinstance(reduced, str):
        return f"{getattr(value, '__module__', type(value).__module__)}.{reduced}"
    make, arguments, state, entries, items = (*reduced, None, None, None)[:5]
    if make in (copyreg.__newobj__, copyreg.__newobj_ex__):
        make, *arguments = arguments
    slots = state[1] if isinstance(state, tuple) and len(state) == 2 and isinstance(state[1], dict) else {}
    held = (state[0] or {}) if slots else state
    ignored = {"_sklearn_version"}  # another version is not another model
    if dataclasses.is_dataclass(value):
        ignored |= {field.name for field in dataclasses.fields(value) if not field.compare}
    about = {"class": _name(make)}
    if isinstance(held, dict) and all(type(name) is str for name in held):
        about |= {name: _identity(part, inside) for name, part in (held | slots).items() if name not in ignored}
    elif held is not None:
        about["state"] = _identity(held, inside)
    for name, held in (("arguments", list(arguments)), ("entries", list(entries or ())), ("items", list(items or ()))):
        about |= {name: _identity(held, inside)} if held else {}
    return about


def _name(value):
    return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', getattr(value, '__name__', value))}"


def _short(described):
    text = _json(described)
    return described if len(text) < LONG else f"{len(described)} entries, sha256 {_hash(text)}"


def _json(described):
    return json.dumps(described, sort_keys=True)


def _hash(text):
    return sha256(text.encode(errors="surrogatepass"))
