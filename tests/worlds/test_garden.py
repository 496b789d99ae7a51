"""The garden's distribution is what it says, and its reader is right on every clean picture."""

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import pdist

from collapse_lessons.worlds import garden
from oracle import assert_mean

N = 20_000


@pytest.fixture(scope="module")
def flowers():
    return garden.plant(N, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("column", "shares"),
    [("colour", garden.COLOURS), ("petals", garden.PETALS), ("background", garden.BACKGROUNDS)],
)
def test_shares_are_the_known_ones(flowers, column, shares):
    assert sum(shares.values()) == pytest.approx(1)
    for kind, share in shares.items():
        assert_mean(flowers[column] == kind, share)
    assert set(flowers[column]) == set(shares)


def test_sizes_are_even_between_their_limits(flowers):
    low, high = garden.SIZES
    assert flowers["size"].between(low, high).all()
    assert_mean(flowers["size"], (low + high) / 2)
    assert_mean(flowers["size"] ** 2, (high**3 - low**3) / (3 * (high - low)))


def test_attributes_are_independent(flowers):
    blue = flowers["colour"] == "blue"
    for other in (flowers["petals"] == 8, flowers["background"] == "sky", flowers["size"] > 6.5):
        assert_mean((blue - blue.mean()) * (other - other.mean()), 0.0)


def test_the_reader_is_right_on_every_clean_picture():
    rng = np.random.default_rng(1)
    every = pd.MultiIndex.from_product([garden.COLOURS, garden.PETALS, garden.BACKGROUNDS, range(20)])
    flowers = every.to_frame(index=False, name=["colour", "petals", "background", "size"])
    flowers["size"] = rng.uniform(*garden.SIZES, len(flowers))
    flowers.loc[::2, "size"], flowers.loc[1::4, "size"] = garden.SIZES
    read = garden.read(garden.paint(flowers))
    assert (read["colour"] == flowers["colour"]).all()
    assert (read["background"] == flowers["background"]).all()


def test_the_reader_bears_noise_and_refuses_what_is_no_colour_of_the_garden():
    rng = np.random.default_rng(2)
    flowers = garden.plant(500, rng)
    noisy = (garden.paint(flowers) + 0.1 * rng.standard_normal((500, 16, 16, 3))).clip(0, 1)
    assert (garden.read(noisy)["colour"] == flowers["colour"]).mean() > 0.99
    red, blue = (garden.paint(flowers[flowers["colour"] == c])[0] for c in ("red", "blue"))
    assert garden.read(((red + blue) / 2)[None])["colour"][0] == garden.UNREADABLE
    assert (garden.read(np.full((2, 16, 16, 3), 0.5)) == garden.UNREADABLE).all(axis=None)


def test_no_two_paints_can_be_taken_for_each_other():
    for palette in (garden.PETAL_PAINT, garden.BACKGROUND_PAINT):
        assert pdist(palette).min() > 2 * garden.READABLE


def test_pictures_are_pictures_and_differ_in_all_that_is_planted():
    flowers = pd.DataFrame({"colour": "red", "petals": 5, "background": "soil", "size": 6.5}, index=range(5))
    flowers.loc[1, "colour"], flowers.loc[2, "petals"], flowers.loc[3, "background"], flowers.loc[4, "size"] = (
        "pink", 8, "sky", 7.0,
    )  # fmt: skip
    X = garden.paint(flowers)
    assert X.shape == (5, 16, 16, 3)
    assert X.dtype == np.float32
    assert 0 <= X.min() < X.max() <= 1
    assert (pdist(X.reshape(5, -1)) > 0.5).all()


def test_petals_can_be_counted():
    """Going round at four fifths of its size, a flower is met as often as it has petals."""
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    for petals in (4, 5, 6, 8):
        X = garden.paint(pd.DataFrame({"colour": ["white"], "petals": petals, "background": "soil", "size": 7.5}))[0]
        y, x = np.round(7.5 - 6 * np.cos(angle)).astype(int), np.round(7.5 + 6 * np.sin(angle)).astype(int)
        spectrum = np.abs(np.fft.rfft(X[y, x, 2]))
        assert np.argmax(spectrum[3:10]) + 3 == petals


def test_shares_of_pictures():
    shares = garden.shares(garden.draw(5000, np.random.default_rng(3)))
    assert list(shares) == [*garden.COLOURS, garden.UNREADABLE]
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["unreadable"] == 0
    assert abs(shares["blue"] - 0.03) < 6 * np.sqrt(0.03 * 0.97 / 5000)


def test_the_same_stream_plants_the_same_garden():
    assert np.array_equal(garden.draw(5, np.random.default_rng(4)), garden.draw(5, np.random.default_rng(4)))


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="n must be a whole number of at least 1, got 0"):
        garden.draw(0, np.random.default_rng(0))
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator, got 5"):
        garden.plant(3, 5)
    with pytest.raises(ValueError, match=r"pictures must have shape \(n, 16, 16, 3\), got \(2, 8, 8, 3\)"):
        garden.read(np.zeros((2, 8, 8, 3)))
    with pytest.raises(ValueError, match="pictures must hold floats from 0 to 1"):
        garden.read(np.full((2, 16, 16, 3), 200))
    flowers = garden.plant(3, np.random.default_rng(0)).assign(colour="green")
    with pytest.raises(
        ValueError, match="colour of flowers must be one of red, yellow, white, pink, blue, got 'green'"
    ):
        garden.paint(flowers)
