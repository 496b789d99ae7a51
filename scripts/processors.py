"""Run what rests on rounding as other processors would round, and say what came out otherwise.

    python scripts/processors.py [--short] [SETTING ...]

Processors add and multiply in different orders and widths, so that sums differ in their last digits, and a network that
trains on them ends elsewhere. Each setting below makes the libraries on this machine compute as on another one. Under
each of them the tests run that train a network or take eigenvectors, and the lessons that do so, with every exercise
solved and every prediction right; what failed is printed, a checked cell that printed something else among it. Where
this processor rounds no differently under a setting, "as here" is printed, and nothing is run. --short: two settings,
the models' own tests.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SENSITIVE = re.compile("torch|Classifier|Eigenpictures|Mixture|record_phase_map")
LESSONS = ("03", "05", "07", "08")
PLAIN = "OMP_NUM_THREADS=1"
SETTINGS = (
    PLAIN,
    "OMP_NUM_THREADS=2",
    "ATEN_CPU_CAPABILITY=default",
    "ATEN_CPU_CAPABILITY=avx2",
    "ONEDNN_MAX_CPU_ISA=SSE41",
    "ONEDNN_MAX_CPU_ISA=AVX2",
    "ONEDNN_MAX_CPU_ISA=AVX512_CORE",
    "DNNL_DEFAULT_FPMATH_MODE=ANY",
    "MKL_CBWR=COMPATIBLE",
    "MKL_CBWR=AVX2",
    "OPENBLAS_CORETYPE=Haswell",
    "OPENBLAS_CORETYPE=SkylakeX",
    "OPENBLAS_CORETYPE=Nehalem",
    "NPY_DISABLE_CPU_FEATURES=AVX512_SPR,AVX512_ICL,X86_V4,X86_V3",
)
SHORT = ("OMP_NUM_THREADS=2", "ATEN_CPU_CAPABILITY=default MKL_CBWR=COMPATIBLE OPENBLAS_CORETYPE=Nehalem")


def environment(setting):
    """Return this process's environment with the setting's variables."""
    python_path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    plain = {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg", "PYTHONPATH": python_path}
    return os.environ | plain | dict(pair.split("=") for pair in setting.split())


def rounding():
    """Return a hash of what each kind of model writes after a short training: other rounding, another hash."""
    import numpy as np

    from collapse_lessons.metrics.classifier import Classifier
    from collapse_lessons.models.diffusion import Flow
    from collapse_lessons.models.eigenpictures import Eigenpictures
    from collapse_lessons.models.language import CausalLM
    from collapse_lessons.models.training import Training
    from collapse_lessons.models.vae import VAE
    from collapse_lessons.worlds import datasets, garden

    def rng():
        return np.random.default_rng(0)

    real, flowers, text = datasets.digits()[0][:300], garden.draw(100, rng()), rng().integers(12, size=(200, 20))
    writer = CausalLM(12, context=20, width=32, heads=2, layers=2, first=Training(3, 1e-2)).fit(text, rng())
    line = np.linspace(0.1, 9, 10_001)
    found = [
        VAE(training_steps=50).fit(real["image"], rng()).sample(50, rng()),
        Flow(training_steps=50).fit(real["image"], rng()).sample(50, rng()),
        Classifier(training_steps=20).fit(real, rng()).features(real["image"]),
        Eigenpictures().fit(flowers, rng()).sample(50, rng()),
        writer.surprise(text),
        np.array([np.exp(line), np.sin(line), np.log(line), line * (line @ line)]),
    ]
    return hashlib.sha256(b"".join(np.ascontiguousarray(one).tobytes() for one in found)).hexdigest()


def rounds(setting):
    """Return `rounding()` under a setting."""
    command = [sys.executable, __file__, "rounding"]
    return subprocess.run(command, env=environment(setting), capture_output=True, text=True, check=True).stdout


def sensitive(short=False):
    """Return what pytest shall run: test files that train a network or take eigenvectors, and lessons that do."""
    tests = (ROOT / "tests").rglob("models/test_*.py" if short else "test_*.py")
    found = [str(path) for path in sorted(tests) if SENSITIVE.search(path.read_text("utf8"))]
    if not short:
        lessons = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if path.stem[:2] in LESSONS)
        found += [f"notebooks/{name}.ipynb" for name in lessons]
    return found


def failures(setting, what):
    """Run tests under a setting; return how many ran and {test: what it said first} of those that failed."""
    options = ["-q", "-p", "no:cacheprovider", "--nbval-lax", "--nbval-current-env"]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", *options, f"--junitxml={report}", *what]
        said = subprocess.run(command, env=environment(setting), cwd=ROOT, capture_output=True, text=True).stdout
        if not report.exists():
            raise RuntimeError(f"the tests must start under {setting}, got:\n{said}")
        cases = list(ET.parse(report).getroot().iter("testcase"))
    failed = {}
    for case in cases:
        for fault in (*case.findall("failure"), *case.findall("error")):
            failed[f"{case.get('classname')}::{case.get('name')}"] = fault.get("message", "").partition("\n")[0]
    return len(cases), failed


def main():
    """Print a line for each setting and what differed under it; return how many settings failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("settings", nargs="*", metavar="SETTING", help=f"such as {PLAIN}; by default fourteen")
    parser.add_argument("--short", action="store_true", help="two settings, the models' own tests")
    options = parser.parse_args()
    if wrong := [one for one in options.settings if "=" not in one]:
        parser.error(f"a setting must be a variable and its value, such as {PLAIN}, got {', '.join(wrong)}")
    short, settings = options.short, options.settings or (SHORT if options.short else SETTINGS)
    what, usual, n_failed = sensitive(short), rounds(PLAIN), 0
    for setting in settings:
        if setting != PLAIN and rounds(setting) == usual:
            print(f"{'as here':>12}  {setting}", flush=True)
            continue
        n, failed = failures(setting, what)
        print(f"{len(failed):>4} of {n:>4}  {setting}", flush=True)
        for test, message in failed.items():
            print(f"              {test}: {message}", flush=True)
        n_failed += bool(failed)
    print(f"{n_failed} of {len(settings)} settings differ." if n_failed else "No setting differs where it matters.")
    return n_failed


if __name__ == "__main__":
    if sys.argv[1:] == ["rounding"]:
        print(rounding())
    else:
        sys.exit(main() > 0)
