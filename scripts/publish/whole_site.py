"""Gather what a stranger gets at one address, build/site: the page that plays, the book, and the lessons that run.

    python scripts/publish/whole_site.py

`make site` builds the book and the lessons before. The folder is ready for any plain file server.
"""

import argparse
import shutil

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()

from copies import ROOT
from lite import BUILD as LITE
from lite import address

from book import BUILD as BOOK

SITE = ROOT / "build" / "site"


def gather(book, lite, site):
    """Put the book at the top of a site and the lessons that run into its folder lite/; returns the site.

    The book's links to the public address of those lessons then lead to the ones beside it, wherever the site is put.
    """
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(book, site)
    shutil.copytree(lite, site / "lite")
    for page in book.rglob("*.html"):
        here = page.relative_to(book)
        text = (site / here).read_text("utf8")
        (site / here).write_text(text.replace(address(), "../" * (len(here.parts) - 1) + "lite/"), "utf8")
    (site / ".nojekyll").touch()  # GitHub's pages would leave out folders such as _static
    return site


if __name__ == "__main__":
    print(f"The site is ready: put {gather(BOOK / 'html', LITE / 'html', SITE)} behind any file server")
