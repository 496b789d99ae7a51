"""Record the README's moving picture: the book's front page in a headless Chromium, played a step a frame.

    python scripts/publish/draw_front_page.py

The page is asked for reduced motion, so that a frame is what a step left, whatever the machine's pace.
"""

import argparse
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()

import front
from PIL import Image
from playwright.sync_api import sync_playwright

PATH = front.ROOT / "docs" / "archipelago.gif"
SIZE = {"width": 1180, "height": 900}
WIDTH = 885  # of the picture
GUESS = "200"
ALONE, HELPED = 40, 14  # generations without real articles, then with one in ten


def frames():
    """Yield (picture, milliseconds): the truth, a chain that goes dark, and what one real article in ten does to it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
        page.goto(front.write(Path(folder) / "index.html").as_uri())

        stage = page.locator(".stage").bounding_box()
        clip = {"x": 0, "y": 0, "width": SIZE["width"], "height": stage["y"] + stage["height"] + 16}

        def picture():
            shot = Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB")
            return shot.resize((WIDTH, round(WIDTH * clip["height"] / clip["width"])), Image.Resampling.LANCZOS)

        page.add_style_tag(content=".night { background: #0d1d30; }")  # a shaded sea would take all of a GIF's colours
        page.fill("#guess", GUESS)
        page.evaluate("document.activeElement.blur()")
        yield picture(), 2000
        for t in range(ALONE + 1):
            page.evaluate("step()")
            if t <= 20 or t % 4 == 0:
                yield picture(), 1800 if t in (20, ALONE) else 500 if t < 4 else 260
        page.check("#keep")
        page.evaluate("document.activeElement.blur()")
        yield picture(), 900
        for _ in range(HELPED):
            page.evaluate("step()")
            yield picture(), 300
        yield picture(), 2500
        browser.close()


if __name__ == "__main__":
    pictures, milliseconds = zip(*frames(), strict=True)
    both = Image.new("RGB", (WIDTH, 2 * pictures[0].height))  # a dark frame and one with every colour
    both.paste(pictures[2])
    both.paste(pictures[-5], (0, pictures[0].height))
    palette = both.quantize(160, method=Image.Quantize.MAXCOVERAGE)
    still = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    still[0].save(PATH, save_all=True, append_images=still[1:], duration=milliseconds, loop=0, optimize=True)
    print(f"drew {PATH.name}, {PATH.stat().st_size / 1000:.0f} kB in {len(still)} frames")
