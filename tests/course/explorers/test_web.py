"""Lesson 10's explorer at the extremes of its controls."""

from itertools import product

import matplotlib.pyplot as plt
import pytest

from collapse_lessons.course.explorers import web


@pytest.mark.parametrize(
    ("machines", "temperature", "crawl", "growth", "withdrawn"),
    [*product([0.0, 0.8], [0.7, 1.0], web.CRAWLS.values(), [1.2], [0.0]), (0.52, 0.9, None, 3.0, 0.95)],
)
def test_draw(machines, temperature, crawl, growth, withdrawn):
    figure, description, alt = web.draw(machines, temperature, crawl, growth, withdrawn, seed=20)
    figure.canvas.draw()
    plt.close(figure)
    assert description.startswith("Simulated: in 2035 machines have written")
    assert "nan" not in description
    assert "reaches the usable stock" in alt
    assert ("after 2035" in description) == (growth == 1.2)


def test_without_machines_the_web_is_that_of_people_alone():
    _, description, _ = web.draw(machines=0.0, temperature=1.0, crawl=None)
    assert "0% of all pages" in description
    known, people = (description.split(before)[1].split()[0] for before in ("knows ", "teach "))
    assert known == people.rstrip(".")


def test_half_the_stock_is_a_doubling_less():
    years = [float(web.draw(withdrawn=w)[1].rstrip(".").split("reached in ")[1]) for w in (0.0, 0.5)]
    assert years[0] - years[1] == pytest.approx(1, abs=0.11)


def test_more_than_the_stock_is_refused():
    with pytest.raises(ValueError, match=r"withdrawn must be a number from 0 to 0.95, got 1"):
        web.draw(withdrawn=1)
