"""A lesson plan names headings, predictions, results and commands that exist, and fills fifty minutes."""

import re
from itertools import pairwise

import pytest

import lessons

FOLDER = lessons.ROOT / "instructor"
PLANS = pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)
PAGES = sorted([*FOLDER.glob("*.md"), *(lessons.ROOT / "docs").glob("*.md")])


def plan(path):
    return (FOLDER / f"{path.stem}.md").read_text("utf8")


def headings(path):
    prose = "\n".join(cell.source for cell in lessons.read(path).cells if cell.cell_type == "markdown")
    return re.findall(r"^##+ (.*)$", prose, re.MULTILINE)


def rows(text, n_columns):
    """Return the cells of every row of the tables with so many columns."""
    lines = [line.split(" | ") for line in re.findall(r"^\| (.*) \|$", text, re.MULTILINE)]
    return [line for line in lines if len(line) == n_columns]


def schedule(path):
    """Return [(start, end, section), ...]."""
    found = re.findall(r"^\| (\d+)–(\d+) \| (.*?) ?\| ", plan(path), re.MULTILINE)
    return [(int(start), int(end), section.strip("* |")) for start, end, section in found]


@PLANS
def test_every_lesson_has_a_plan_of_fifty_minutes_on_a_page(path):
    text, times = plan(path), schedule(path)
    assert text.startswith(lessons.read(path).cells[0].source.splitlines()[0].replace("# ", "# Plan for ") + "\n")
    assert [start for start, _, _ in times] == [0, *(end for _, end, _ in times[:-1])]
    assert times[-1][1] == 50
    assert all(start < end for start, end, _ in times)
    assert len(text.split()) <= 1000
    for part in ("What they should leave with", "Before class", "Leave out", "They will say", "To discuss"):
        assert f"**{part}" in text
    assert "**If time is short.**" in text
    assert len(re.findall(r"^- \*\"", text, re.MULTILINE)) >= 3, "misconceptions, with what to answer"
    assert len(re.findall(r"^\d\. \*", text, re.MULTILINE)) == " ".join(text.split()).count("Good answers:") == 3


@PLANS
def test_every_heading_it_names_is_in_the_lesson(path):
    there = headings(path)
    for _, _, section in schedule(path):
        assert section in ("", *there)
    for named in re.findall(r"\*\*(\d · .*?)\*\*", plan(path)):
        assert named in there
    numbered = {heading[0] for heading in there if re.match(r"\d · ", heading)}
    assert set(re.findall(r"\bsections? (\d)", plan(path))) <= numbered
    for section in numbered - set("".join(re.findall(r"section'?s? (\d)", plan(path)))):
        assert f"**{section} · " in plan(path), "a plan says of each section whether it is taught or left out"


@PLANS
def test_what_comes_out_is_what_the_lesson_stores(path):
    came_out = {}
    for cell in lessons.read(path).cells:
        if cell.cell_type == "code" and (asked := re.search(r'^compare\(\s*"([\d.]+)"', cell.source, re.MULTILINE)):
            came_out[asked.group(1)] = re.search(r"It came out (.*)\.\n", lessons.text_of(cell)).group(1)
    told = {row[0]: row[2] for row in rows(plan(path), 3) if re.fullmatch(r"\d\d\.\d", row[0])}
    assert list(told) == sorted(came_out), "a row for every prediction of the lesson"
    for question, result in came_out.items():
        said = re.match(r"[\w.]+", told[question]).group().rstrip(".")
        if result.isalpha():
            assert said == result
        else:
            assert abs(float(said) - float(result)) <= 0.15 * abs(float(result)) + 0.005
    assert set(re.findall(rf"\b{path.stem[:2]}\.\d\b", plan(path))) == set(came_out)


@pytest.mark.parametrize("name", ["one_session", "five_weeks"])
def test_course_plans_name_headings_that_exist(name):
    text = (FOLDER / f"{name}.md").read_text("utf8")
    paths = {path.stem[:2]: path for path in lessons.PATHS}
    for lesson, heading in re.findall(r"(\d\d) · \*\*(.*?)\*\*", text):
        assert heading in headings(paths[lesson])
    for lesson, section in re.findall(r"(\d\d): section (\d)", text):
        assert any(heading.startswith(f"{section} · ") for heading in headings(paths[lesson]))
    times = [(int(start), int(end)) for start, end in re.findall(r"^\| (\d+)–(\d+) \|", text, re.MULTILINE)]
    assert not times or times[-1][1] == 50
    assert all(end == start for (_, end), (start, _) in pairwise(times))


def test_each_plan_belongs_to_a_lesson():
    plans = {page.stem for page in FOLDER.glob("[0-9][0-9]_*.md")}
    assert plans == {path.stem for path in lessons.PATHS}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_links_lead_somewhere_and_commands_exist(page):
    text = page.read_text("utf8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), target
    makefile = (lessons.ROOT / "Makefile").read_text("utf8")
    for command in re.findall(r"`make ([\w-]+)", text):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), f"make {command} is not there"
    for script in re.findall(r"python (scripts/\w+\.py)", text):
        assert (lessons.ROOT / script).exists()
    levels = [
        len(marks) for marks in re.findall(r"^(#+) ", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1


def test_every_page_is_reached_from_the_readme():
    seen, todo = set(), [FOLDER / "README.md"]
    while todo:
        page = todo.pop()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            todo += [(page.parent / t).resolve() for t in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf8"))]
    assert set(FOLDER.glob("*.md")) <= seen
