"""Settings of the web book; scripts/publish/book.py gathers its pages and builds it."""

import sys
import tomllib
from pathlib import Path

from docutils.nodes import SkipNode
from latex2mathml.converter import convert

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
sys.path.insert(0, str(ROOT))

project = "Model collapse, a course"
root_doc = "course"  # README.md; index.html is the page that plays
author = copyright = PROJECT["authors"][0]["name"]
version = release = PROJECT["version"]
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
templates_path = [str(ROOT / "book" / "_templates")]
default_role = "literal"  # docstrings write `code` as the lessons do

nb_execution_mode = "off"  # what the lessons store is what the book shows
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "strikethrough"]
suppress_warnings = ["myst.strikethrough"]  # that only HTML shows it
myst_heading_anchors = 3
myst_url_schemes = {"http": None, "https": None, "mailto": None, "page": "{{path}}"}  # page:index.html is no document
autosummary_generate = True
autodoc_typehints = "none"  # the signature and the docstring say it
napoleon_google_docstring = False
html_show_sourcelink = False

html_theme = "sphinx_book_theme"
html_title = project
html_favicon = str(ROOT / "book" / "front" / "icon.svg")
html_context = {"default_mode": "auto"}
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_js_files = [("course.js", {"defer": ""})]
html_extra_path = [str(ROOT / "build" / "book" / "extra")]  # the page that plays, the explorers' pictures
html_theme_options = {
    "repository_url": PROJECT["urls"]["Repository"],
    "repository_branch": "main",
    "use_repository_button": True,
    "launch_buttons": {"colab_url": "https://colab.research.google.com"},
    "max_navbar_depth": 1,  # the package has too many pages for the side bar
    "show_toc_level": 2,
    "navbar_start": [],  # the side bar has the title and the search
    "navbar_persistent": [],
}


def formula(display):
    """Write formulas as MathML, which browsers draw and screen readers read without a script from elsewhere."""

    def visit(self, node):
        self.body.append(convert(node.astext(), display=display))
        raise SkipNode

    return visit, None


def setup(app):
    app.add_html_math_renderer("mathml", inline_renderers=formula("inline"), block_renderers=formula("block"))


html_math_renderer = "mathml"
