"""The pictures of lesson 05: digits and clothes on board, and larger collections from small files in their formats."""

import gzip
import hashlib
import io
import struct
import tarfile

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat
from sklearn.datasets import load_digits

import pick_clothes
from collapse_lessons.worlds import datasets, downloads


def test_digits_are_all_there_and_split_at_random():
    train, held_out = datasets.digits()
    assert (len(train), len(held_out)) == (1000, 797)
    X = np.concatenate([train, held_out])
    assert X["image"].shape == (1797, 8, 8)
    assert X["image"].dtype == np.float32
    assert (X["image"].min(), X["image"].max()) == (0, 1)
    together = {image.tobytes() + bytes([label]) for image, label in X}
    bundle = load_digits()
    assert together == {
        image.tobytes() + bytes([label])
        for image, label in zip((bundle.images / 16).astype(np.float32), bundle.target, strict=True)
    }
    assert np.bincount(train["label"]).min() > 80
    assert np.bincount(held_out["label"]).min() > 60


def test_clothes_are_those_that_were_picked():
    parts = datasets.clothes()
    assert [len(X) for X in parts] == [2000, 1000]
    for X in parts:
        assert X["image"].shape[1:] == (28, 28)
        assert X["image"].dtype == np.float32
        assert (X["image"].min(), X["image"].max()) == (0, 1)
        assert np.bincount(X["label"], minlength=10).min() > 80
    assert len(datasets.CLOTHES) == 10
    with np.load(datasets.data_path("clothes/pictures.npz")) as file:
        assert pick_clothes.content(file) == pick_clothes.SHA256
    assert datasets.data_path("clothes/LICENSE").read_text().count("Zalando SE") == 2


def test_other_pictures_than_zalando_s_are_refused(tmp_path):
    for name, shape in (("images-idx3", (2, 28, 28)), ("labels-idx1", (2,))):
        for part in ("train", "t10k"):
            header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
            (tmp_path / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(header + bytes(int(np.prod(shape)))))
    with pytest.raises(ValueError, match="folder must hold Fashion-MNIST as Zalando published it, got other pictures"):
        pick_clothes.pick(tmp_path)


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A folder in place of the public addresses, with small files of the same formats, and a cache of its own."""
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path / "home"))
    folder = tmp_path / "server"
    folder.mkdir()
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (5, 28, 28), dtype=np.uint8), np.arange(5, dtype=np.uint8)
    for part in ("train", "t10k"):
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
            (folder / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(header + array.tobytes()))
    with tarfile.open(folder / "102flowers.tgz", "w:gz") as archive:
        for name, colour in (("jpg/image_00002.jpg", (0, 0, 255)), ("jpg/image_00001.jpg", (255, 0, 0))):
            photo = np.full((60, 100, 3), 0, np.uint8)
            photo[:, 20:80] = colour  # the middle square; black bars beside it
            buffer = io.BytesIO()
            Image.fromarray(photo).save(buffer, "JPEG", quality=95)
            member = tarfile.TarInfo(name)
            member.size = buffer.tell()
            archive.addfile(member, io.BytesIO(buffer.getvalue()))
    savemat(folder / "imagelabels.mat", {"labels": np.array([[77, 1]], dtype=np.uint8)})
    address = folder.as_uri() + "/"
    monkeypatch.setattr(downloads, "MNIST", address)
    monkeypatch.setattr(downloads, "FLOWERS", address)
    hashes = {address + f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.iterdir()}
    monkeypatch.setattr(downloads, "SHA256", hashes)
    return folder, images, labels


def test_mnist_is_read_from_its_format(server):
    _, images, labels = server
    for part in downloads.mnist():
        assert np.allclose(part["image"], images / 255)
        assert np.array_equal(part["label"], labels)


def test_flowers_are_cropped_resized_and_in_the_order_of_their_numbers(server):
    X = downloads.oxford_flowers(16)
    assert X["image"].shape == (2, 16, 16, 3)
    assert np.allclose(X["image"][:, 4:-4, 4:-4], np.array([[1, 0, 0], [0, 0, 1]])[:, None, None], atol=0.05)
    assert list(X["label"]) == [76, 0]


def test_a_file_is_fetched_once(server):
    downloads.mnist()
    for file in server[0].iterdir():
        file.unlink()
    assert len(downloads.mnist()) == 2


def test_without_a_network_it_says_what_to_do(server):
    (server[0] / "train-images-idx3-ubyte.gz").unlink()
    with pytest.raises(
        ConnectionError, match=r"train-images.* did not .*try again with a network, or put the file into"
    ):
        downloads.mnist()


def test_a_server_that_says_nothing_is_not_waited_for(server, monkeypatch):
    open_url, waits = downloads.urllib.request.urlopen, []

    def watched(url, timeout=None):
        waits.append(timeout)
        return open_url(url, timeout=timeout)

    monkeypatch.setattr(downloads.urllib.request, "urlopen", watched)
    downloads.mnist()
    assert waits == [60] * 4


def test_another_file_under_the_same_name_is_refused(server):
    (server[0] / "train-images-idx3-ubyte.gz").write_bytes(b"an error page")
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte.gz must be the file with SHA-256"):
        downloads.mnist()
    assert not list(downloads.cache_folder().iterdir()), "nothing wrong is kept"


def test_a_spoilt_file_in_the_cache_is_fetched_anew(server):
    downloads.mnist()
    cached = downloads.cache_folder() / "train-images-idx3-ubyte.gz"
    content = cached.read_bytes()
    cached.write_bytes(content[:50])
    downloads.mnist()
    assert cached.read_bytes() == content


def test_a_file_of_another_format_is_named(tmp_path):
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"\x00\x00\x0dwhatever"))
    with pytest.raises(ValueError, match=r"x.gz must be an IDX file of bytes, got the first bytes"):
        downloads.read_idx(tmp_path / "x.gz")
    with pytest.raises(ValueError, match="size must be a whole number from 8 to 500, got 0"):
        downloads.oxford_flowers(0)
