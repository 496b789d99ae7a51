"""The site: the book and the lessons that run side by side, with links between them that hold wherever it is put."""

from lite import address
from whole_site import gather


def test_book_and_lessons_find_each_other_wherever_the_site_is(tmp_path):
    pages = {"index.html": address("notebooks/a.ipynb"), "notebooks/a.html": address(), "api/b/c.html": address()}
    for name, link in pages.items():
        (tmp_path / "book" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "book" / name).write_text(f'<a href="{link}">run</a>')
    (tmp_path / "lite" / "lab").mkdir(parents=True)
    (tmp_path / "lite" / "lab" / "index.html").write_text("the lab")
    for _ in range(2):  # what an earlier run left goes
        site = gather(tmp_path / "book", tmp_path / "lite", tmp_path / "site")
        assert (site / "lite" / "lab" / "index.html").read_text() == "the lab"
        said = {name: (site / name).read_text() for name in pages}
        assert said["index.html"] == '<a href="lite/notebooks/index.html?path=notebooks/a.ipynb">run</a>'
        assert said["notebooks/a.html"] == '<a href="../lite/">run</a>'
        assert said["api/b/c.html"] == '<a href="../../lite/">run</a>'
        assert (site / ".nojekyll").exists()
        (site / "old.html").touch()
    assert not (gather(tmp_path / "book", tmp_path / "lite", tmp_path / "site") / "old.html").exists()
