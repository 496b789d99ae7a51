"""Execute the course's notebooks in place and store outputs fit for a repository.

    python scripts/publish/execute_notebooks.py [notebooks/01_*.ipynb ...]

Sliders store nothing (their state breaks the view on GitHub; the static figure above them stays), and so do timings.
Figures are stored with 256 colours: a photo then takes a third of the space and looks the same. In the end the copies
for Colab are made anew.
"""

import argparse
import base64
import os
import tempfile
import time
from io import BytesIO
from pathlib import Path

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", type=Path, nargs="*", help="by default every lesson")
    paths = parser.parse_args().notebooks
    if missing := [str(path) for path in paths if not path.is_file()]:
        parser.error(f"notebooks must be files, got {', '.join(missing)}: look at the spelling")

import nbformat
import notebook_client
from copies import FOLDERS, lesson_paths, write
from PIL import Image

WIDGET = "application/vnd.jupyter.widget-view+json"
# Of what a kernel tells of itself, all that is the same on every machine: exporters and editors go by it.
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def execute(path):
    """Run one notebook from top to bottom and write it back; returns the seconds it took."""
    notebook = nbformat.read(path, as_version=4)
    began = time.perf_counter()
    notebook_client.execute(notebook, path.parent)
    seconds = time.perf_counter() - began
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i:02d}"
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if WIDGET not in o.get("data", {})]
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    output.data["image/png"] = smaller(output.data["image/png"])
    notebook.metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE}
    nbformat.write(notebook, path)
    return seconds


def smaller(png):
    """Return a base64 PNG with a palette of 256 colours, or as it is if that is no gain."""
    buffer = BytesIO()
    picture = Image.open(BytesIO(base64.b64decode(png))).convert("RGB")
    picture.quantize(256).save(buffer, "PNG", optimize=True)
    return min(png, base64.b64encode(buffer.getvalue()).decode(), key=len)


if __name__ == "__main__":
    os.environ["COLLAPSE_LESSONS_HOME"] = tempfile.mkdtemp()  # not the predictions of whoever runs this
    os.environ["COLLAPSE_LESSONS_TELL"] = "1"  # what came out, for whoever reads the lessons and runs nothing
    for path in paths or lesson_paths():
        print(f"{path.name}: {execute(path.resolve()):.1f} s")
    write("colab", FOLDERS["colab"])
