"""What a generation says of a creature: wrong words struck out, and a bar for how sure it is of each."""

import re

import numpy as np
import pandas as pd

from collapse_lessons.course.explorers import asking, explore
from collapse_lessons.worlds.encyclopedia import Encyclopedia

WORLD = Encyclopedia(n_species=3)
COLUMNS = ["rank", "fact", "said", "true", "right", "sure"]
TOLD = pd.DataFrame(
    [
        (1, "size", "large", "large", True, 0.9),
        (1, "colour", "violet", "amber", False, 0.5),
        (1, "kind", "bird", "bird", True, 1.0),
        (1, "island", "?", "Duna", False, np.nan),
    ],
    columns=COLUMNS,
)


def test_what_is_wrong_is_struck_out_and_corrected():
    page = asking.page(TOLD, WORLD, creature=1, generation=7)
    name = WORLD.species["name"][1]
    assert f"<b>Generation 7:</b> The {name} is a large <del>violet</del> bird of <del>?</del>." in page
    assert "it is amber" in page
    assert "it is large" not in page


def test_a_bar_is_as_long_as_the_model_is_sure():
    page = asking.page(TOLD, WORLD, creature=1, generation=7)
    assert re.findall(r"width: ([0-9.]+)em", page) == ["10.8", "6.0", "12.0", "0.0"]
    assert re.findall(r"(90% sure|50% sure|100% sure|not readable)", page) == [
        "90% sure",
        "50% sure",
        "100% sure",
        "not readable",
    ]


def test_sliders_take_a_page_as_it_is():
    def ask(generation=0):
        return f"<p>generation {generation}</p>"

    row, page = explore(ask, generation=range(4)).children
    row.children[0].value = 3
    assert page.value == "<p>generation 3</p>"
