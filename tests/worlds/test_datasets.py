"""The real data of the lessons, all on board."""

import numpy as np
import pytest
from skimage.transform import resize_local_mean
from sklearn.datasets import load_sample_image

from collapse_lessons.worlds import datasets


def rng(seed=0):
    return np.random.default_rng(seed)


def test_breeds_are_120_names_with_zipf_s_shares():
    breeds = datasets.breeds()
    assert list(breeds) == ["breed", "share"]
    assert len(breeds) == breeds["breed"].nunique() == 120
    assert np.isclose(breeds["share"].sum(), 1)
    assert np.allclose(breeds["share"][0] / breeds["share"], np.arange(1, 121))
    assert breeds["breed"][0] == "Golden Retriever"
    assert not breeds["breed"].str.contains(r"^\s|\s$|\d").any()


@pytest.mark.parametrize("height", [16, 64, 208, 416])
def test_the_flower_is_a_picture_of_the_size_asked_for(height):
    flower = datasets.flower(height)
    assert flower.shape == (height, round(height * 640 / 416), 3)
    assert flower.dtype == np.float32
    assert 0 <= flower.min() < flower.max() <= 1
    assert flower.std() > 0.1


def test_a_pixel_of_the_flower_is_the_mean_of_the_photo_beneath_it():
    photo = load_sample_image("flower.jpg")[:416] / 255
    assert np.array_equal(datasets.flower(416), photo.astype(np.float32))
    blocks = photo.reshape(208, 2, 320, 2, 3).mean(axis=(1, 3))
    assert np.allclose(datasets.flower(208), blocks, atol=1e-7)
    for height in (48, 100, 156):  # where a pixel of the photo belongs to two of the flower's
        flower = datasets.flower(height)
        assert np.allclose(flower.mean(axis=(0, 1)), photo.mean(axis=(0, 1)), atol=1e-5)
        assert np.allclose(flower, resize_local_mean(photo, flower.shape[:2], channel_axis=-1), atol=1e-6)


def test_moons_are_two_half_circles():
    moons = datasets.moons(400, rng())
    assert moons.shape == (400, 2)
    upper = np.abs(np.hypot(*moons.T) - 1) < 0.3
    lower = np.abs(np.hypot(*(moons - [1, 0.5]).T) - 1) < 0.3
    assert (upper | lower).all()
    assert np.array_equal(moons, datasets.moons(400, rng()))
    assert not np.array_equal(moons, datasets.moons(400, rng(1)))


def test_data_path_finds_what_the_wheel_carries_and_says_what_it_lacks():
    assert datasets.data_path("breeds.csv").is_file()
    with pytest.raises(FileNotFoundError, match=r"name must be a file .* got 'nope.csv': reinstall"):
        datasets.data_path("nope.csv")
