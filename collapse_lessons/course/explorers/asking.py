"""Ask a generation about a creature: what it says, what of that is wrong, and how sure it is of each word."""

import pandas as pd

from collapse_lessons import plots
from collapse_lessons.worlds.encyclopedia import Encyclopedia

BAR = "display: inline-block; height: 0.8em; margin-right: 0.5em; background: {color}; width: {width:.1f}em"
LEFT = 'style="text-align: left"'
SENTENCE = "The {name} is a {size} {colour} {kind} of {island}."


def page(told: pd.DataFrame, world: Encyclopedia, creature: int, generation: int) -> str:
    """Return as HTML what a generation says of a creature, wrong words struck out, with a bar for how sure it is.

    Parameters
    ----------
    told : DataFrame
        What `metrics.language.answers` returns for the generation.
    creature : int
        The species' rank, from 0 for the commonest.
    generation : int
        Its number, for the heading.
    """
    rows = told[told["rank"] == creature]
    words = [row.said if row.right else f"<del>{row.said}</del>" for row in rows.itertuples()]
    sentence = SENTENCE.format(name=world.species["name"][creature], **dict(zip(rows["fact"], words, strict=True)))
    bars = "".join(map(_bar, rows.itertuples(), words))
    return f"<p><b>Generation {generation}:</b> {sentence}</p><table>{bars}</table>"


def _bar(row, word):
    """Return a row of the table: the fact, the word, a bar as long as the model was sure, and the truth if need be."""
    look = BAR.format(color=plots.BLUE if row.right else plots.ORANGE, width=12 * row.sure if row.sure > 0 else 0)
    sure = f"{row.sure:.0%} sure" if row.sure > 0 else "not readable"
    cells = (word, f'<span style="{look}"></span>{sure}', "" if row.right else f"it is {row.true}")
    return f'<tr><th scope="row" {LEFT}>{row.fact}</th>{"".join(f"<td {LEFT}>{cell}</td>" for cell in cells)}</tr>'
