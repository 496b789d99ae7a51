"""The short form of `make fuzz`: a few bad values for every argument of everything public, and the tool itself."""

import numpy as np
import pytest

pytest.importorskip("torch")
import fuzz
from fuzz_inputs import EXCEPTIONS, INPUTS, LEFT_OUT

PUBLIC = fuzz.public()
SEED = 0
N = 700  # calls, out of a hundred thousand


def test_everything_public_has_good_values_to_begin_with():
    assert set(PUBLIC) - set(INPUTS) == set(), "add good values to scripts/fuzz_inputs/, or say why not in LEFT_OUT"
    assert set(INPUTS) - set(PUBLIC) == set(), "good values of what is no longer there"
    assert all((LEFT_OUT | EXCEPTIONS).values())


def test_there_are_enough_values_and_the_seed_decides_those_at_random():
    assert len(fuzz.values(0)) >= 60
    assert repr(fuzz.values(0)["random 0.0"]()) == repr(fuzz.values(0)["random 0.0"]())
    assert set(fuzz.values(0)) - set(fuzz.values(1)) == {f"random 0.{i}" for i in range(12)}


def test_bad_input_is_refused_in_the_style_of_the_house(tmp_path, monkeypatch):
    """Calls at random from all that `make fuzz` makes, without those that train a network or run a loop."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path))
    slow = ("experiments.", "course.progress.", "worlds.downloads.", "models.", "defences.watermarked.")
    names = [name for name in PUBLIC if not name.startswith(slow)]
    rng, faults = np.random.default_rng(SEED), []
    for name in rng.choice(names, N):
        if not (calls := list(fuzz.tries(name, PUBLIC[name], SEED))):
            continue
        one = calls[rng.integers(len(calls))]
        outcome, said = one.outcome()
        if outcome in fuzz.FAULTS and not fuzz.excused(name, one.argument, one.value, outcome):
            faults.append(f"{outcome}: {name}({one.argument}={one.value}) {said}")
    assert faults == []


def nonsense(n):
    return {}[n]


def anything(n):
    return n


def library(n):
    return np.zeros(n)


def ours(n):
    from collapse_lessons import checks

    return checks.whole("n", n, 1, "draw one")


@pytest.mark.parametrize(
    ("function", "outcome"), [(nonsense, "wrong"), (anything, "accepted"), (library, "deep"), (ours, "refused")]
)
def test_the_tool_tells_kinds_of_faults_apart(function, outcome, monkeypatch):
    monkeypatch.setitem(INPUTS, "here", lambda: {"n": 3})
    one = next(one for one in fuzz.tries("here", function, SEED) if one.value == "'a'")
    assert one.outcome()[0] == outcome


def test_a_call_that_never_ends_is_stopped_and_the_rest_goes_on(monkeypatch):
    class Busy:
        def cpu_times(self):
            Busy.seconds += fuzz.SECONDS + 1
            return (Busy.seconds, 0)

    class Stuck:
        """A worker that begins a call and never ends it; the second one ends it all."""

        pid, exitcode, made = 0, None, 0

        def __init__(self, target, args, daemon):
            self.names, self.skip, _, self.connection = args

        def start(self):
            Stuck.made += 1
            if Stuck.made == 1:
                self.connection.send(("begin", "a", "n", "None", ""))
            else:
                assert (self.names, self.skip) == (["a"], 1)
                self.connection.send(("done", "a", "", "", ""))

        def kill(self):
            pass

        join = kill

    Busy.seconds = 0
    context = fuzz.multiprocessing.get_context("spawn")
    monkeypatch.setattr(fuzz.psutil, "Process", lambda pid: Busy())
    monkeypatch.setattr(context, "Process", Stuck)
    monkeypatch.setattr(Stuck, "kill", lambda self: None)
    monkeypatch.setattr(fuzz.multiprocessing, "get_context", lambda kind: context)
    rows = list(fuzz.supervise(["a"], SEED))
    assert [row[:4] for row in rows] == [("a", "n", "None", "slow"), ("a", "", "", "done")]
