"""Make the book's front page, which plays: one file, without a framework and without a request to anybody.

    python scripts/publish/front.py [index.html]

book/front/ holds its template, its look and its script; the archipelago, the photos and what the language model wrote
come from where the lessons have them.
"""

import argparse
import base64
import re
import urllib.parse
from io import BytesIO
from pathlib import Path

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, nargs="?", help="by default build/book/html/index.html")
    path = parser.parse_args().path

import jinja2
import lite
import numpy as np
from copies import ROOT, repository
from PIL import Image
from stamp_repository import pages

from collapse_lessons import metrics, replace
from collapse_lessons.course.explorers import first_look, smollm2
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.models.categorical import Categorical
from collapse_lessons.worlds.encyclopedia import FACTS, Encyclopedia

SOURCE = ROOT / "book" / "front"
N = 1000  # articles in an edition, as the page begins
STILLS = (0, 5, 20, 100)  # generations that a reader without a script sees
CHAIN, PROMPT = "replace, sampling", 7  # of lesson 08, as README quotes it
STEP = 10.4  # between neighbouring lights of an island, in units of the map
WORLD = Encyclopedia()


def page():
    """Return the page as HTML."""
    files = {path.name: path.read_text("utf8") for path in SOURCE.iterdir()}
    places = islands()
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(files["index.html.j2"])
    return template.render(
        icon="data:image/svg+xml," + urllib.parse.quote(files["icon.svg"]),
        look=files["look.css"],
        scripts=files["loop.js"] + files["play.js"],
        loop=re.search(r"^function\* goRound.*?^}", files["loop.js"], re.DOTALL | re.MULTILINE)[0],
        islands=places,
        species=species(),
        stills=stills(places),
        photos=photos(),
        n_photos=first_look.N_GENERATIONS,
        prompts=prompts(),
        first=PROMPT,
        repository=repository(),
        lite=lite.address("notebooks/00_start_here.ipynb"),
    )


def species():
    """Return (name, what it is) of every species, from the most to the least common."""
    rows = WORLD.species[["name", "size", "colour", "kind", "island"]].to_numpy()
    return [(name, f"a {size} {colour} {kind} of {island}") for name, size, colour, kind, island in rows]


def islands():
    """Return the archipelago: of each island its name, its coast as an SVG path, and the lights (rank, x, y).

    The commonest species of an island lives in its middle, the rarest at the shore, one turned against the next by the
    golden angle, as the seeds of a sunflower are.
    """
    places = []
    for i, name in enumerate(FACTS["island"]):
        rng = np.random.default_rng(i)
        phases, sizes = rng.uniform(0, 2 * np.pi, 3), rng.uniform(0.03, 0.11, 3)

        def shore(angle, phases=phases, sizes=sizes):
            return 1 + sum(a * np.cos(m * angle + phase) for m, a, phase in zip((2, 3, 5), sizes, phases, strict=True))

        ranks = np.flatnonzero(WORLD.species["island"] == name)
        place = np.arange(len(ranks)) + 0.5
        angle = place * np.pi * (3 - np.sqrt(5))
        x, y = STEP * np.sqrt(place) * shore(angle) * [1.06 * np.cos(angle), 0.94 * np.sin(angle)]
        around = np.linspace(0, 2 * np.pi, 28, endpoint=False)
        coast = (STEP * np.sqrt(len(ranks)) + 11) * shore(around) * [1.06 * np.cos(around), 0.94 * np.sin(around)]
        lights = [(int(rank), round(float(a), 1), round(float(b), 1)) for rank, a, b in zip(ranks, x, y, strict=True)]
        places.append({"name": name, "coast": smooth(coast.T), "lights": lights})
    return places


def smooth(points):
    """Return a closed SVG path through the middles between points, shape (k, 2), bent towards each point."""
    middles = (points + np.roll(points, -1, axis=0)) / 2
    start, *bends = [f"{x:.0f} {y:.0f}" for x, y in [middles[-1], *np.stack([points, middles], axis=1).reshape(-1, 2)]]
    return f"M{start}" + "".join(f"Q{a} {b}" for a, b in zip(bends[::2], bends[1::2], strict=True)) + "Z"


def stills(places):
    """Return the chain of the course's own model at a few generations: who is alive on each island, as SVG paths."""
    truth = WORLD.species["share"].to_numpy()
    real = stream(DATA, 0, 0).choice(len(truth), N, p=truth)
    turns = generations(Categorical(len(truth)), real, replace, n_generations=STILLS[-1] + 1, seed=0)
    shares = [turn.fitted.probs_ for turn in turns]
    return [
        {
            "generation": t,
            "alive": int(metrics.alive(shares[t])),
            "differ": float(metrics.differ(shares[t])),
            "lights": [
                "".join(f"M{x:.0f} {y:.0f}h0" for rank, x, y in place["lights"] if shares[t][rank] > 0)
                for place in places
            ],
        }
        for t in STILLS
    ]


def photos():
    """Return lesson 00's photo and its fifty copies, one below the other, as the address of a WebP picture."""
    sheet = np.concatenate(first_look.chains(0.0)[0])
    buffer = BytesIO()
    Image.fromarray((255 * sheet).round().astype(np.uint8)).save(buffer, "webp", quality=70, method=6)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def prompts():
    """Return the recorded prompts, each with how generations 0 to 9 of lesson 08's chain went on."""
    asked = smollm2.recorded()[CHAIN].info["prompts"]
    turns = range(smollm2.LAST + 1)
    return [{"prompt": prompt, "goes_on": [smollm2.said(CHAIN, t, i) for t in turns]} for i, prompt in enumerate(asked)]


def address():
    """Return where the published page is: the pages that GitHub serves of the course's repository."""
    return pages(repository().removeprefix("https://github.com/"))


def write(path):
    """Write the page to a file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), "utf8")
    return path


if __name__ == "__main__":
    made = write(path or ROOT / "build" / "book" / "html" / "index.html")
    print(f"The page is ready, {made.stat().st_size / 1000:.0f} kB: open {made}")
