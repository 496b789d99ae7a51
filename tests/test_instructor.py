"""A lesson plan names headings, predictions, results and commands that exist, and fills fifty minutes."""

import ast
import builtins
import re
import symtable
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binom

import lessons
from collapse_lessons.course.exercises import lesson_01

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
    assert len(text.split()) <= 1250
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
        if result.isalpha():
            assert re.match(r"\w+", told[question]).group() == result
        else:  # a number, or the numbers of a curve
            numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", result)]
            said = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", told[question])][: len(numbers)]
            assert said == pytest.approx(numbers, rel=0.15, abs=0.005)
    assert set(re.findall(rf"\b{path.stem[:2]}\.\d\b", plan(path))) == set(came_out)


def code_cells(path):
    """Return [(section, source), ...] of a lesson's code cells; what stands above the first section has the name ""."""
    section, found = "", []
    for cell in lessons.read(path).cells:
        if cell.cell_type == "code":
            found.append((section, cell.source))
        else:
            section = [section, *re.findall(r"^## (.*)$", cell.source, re.MULTILINE)][-1]
    return found


def scopes(table):
    """Yield a symbol table and all tables inside it."""
    yield table
    for inner in table.get_children():
        yield from scopes(inner)


def undefined(sources):
    """Return the names that some cell uses though no cell before has defined them, without running anything."""
    known, missing = set(dir(builtins)), set()
    for statement in (statement for source in sources for statement in ast.parse(source).body):
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
        used = {
            symbol.get_name()
            for scope in scopes(table)
            for symbol in scope.get_symbols()
            if symbol.is_referenced() and (scope is table or symbol.is_global())
        }
        defined = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
        if not isinstance(statement, ast.Assign | ast.AugAssign):  # a loop or a function may use what it defines
            used -= defined
        missing |= used - known
        known |= defined
    return missing


def test_a_missing_name_is_found():
    assert (
        undefined(["import numpy as np\nx = np.ones(3)", "def f(y):\n    return x + y", "for i in x:\n    f(i)"])
        == set()
    )
    assert undefined(["x = x + 1"]) == {"x"}
    assert undefined(["def f(y):\n    return [x for i in y]", "x = [1 for k in range(3) if k]"]) == {"x"}
    assert undefined(["print(t)", "t = 3"]) == {"t"}


@PLANS
def test_what_is_left_out_is_not_needed_by_what_is_taught(path):
    """A plan may have a cell of a section that is left out run: "the cell of section N that begins `...`"."""
    said = " ".join(plan(path).split())
    paragraph = plan(path).split("**Leave out:**")[1].split("\n\n")[0]
    left_out = set(re.findall(r"\*\*(.*?)\*\*", paragraph)) - {"Exercises"}
    cells = code_cells(path)
    exceptions = re.findall(r"the cell of section (\d) that begins `(.*?)`", said)
    for section, beginning in exceptions:
        assert any(name.startswith(section) and source.startswith(beginning) for name, source in cells), beginning
    assert (
        undefined(
            source
            for name, source in cells
            if name not in left_out or any(name[0] == section and source.startswith(b) for section, b in exceptions)
        )
        == set()
    )


def test_the_talk_runs_every_cell_that_it_needs():
    said = " ".join((FOLDER / "one_session.md").read_text("utf8").split())
    shown = re.findall(r"\| (\d\d) · \*\*(.*?)\*\*", said)
    firsts = re.findall(r"in (\d\d) the first cell of section (\d)", said)
    aboves = dict(re.findall(r"in (\d\d) everything above section (\d)", said))
    for path in lessons.PATHS:
        number, cells = path.stem[:2], code_cells(path)
        mine = {heading for lesson, heading in shown if lesson == number} | {""}
        names = [name for name, _ in cells]
        extra = {next(i for i, n in enumerate(names) if n.startswith(f"{s} ·")) for k, s in firsts if k == number}
        if number in aboves:
            extra |= set(range(next(i for i, n in enumerate(names) if n.startswith(f"{aboves[number]} ·"))))
        if len(mine) > 1:
            assert undefined(source for i, (name, source) in enumerate(cells) if name in mine or i in extra) == set()


def test_ten_tosses_of_the_coin():
    """Lesson 01's plan: the middle ends near 82, of a class of thirty one or two above 200, and the mean is 100."""
    said = " ".join(plan(lessons.PATHS[1]).split())
    assert "The middle of the class ends near 82, one or two above 200; on average it stays 100" in said
    heads = np.arange(11)
    ends, chance = 100 * 1.2**heads * 0.8 ** (10 - heads), binom.pmf(heads, 10, 0.5)
    assert ends[5] == pytest.approx(82, abs=1)  # five heads are the median of ten tosses
    assert 1 < 30 * chance[ends > 200].sum() < 2
    assert chance @ ends == pytest.approx(100)


def test_the_range_that_counts_as_right(capsys):
    assert "anything from 160 to 186 counts as right" in " ".join(plan(lessons.PATHS[1]).split())
    for guess in (160, 186):
        lesson_01.half_life(guess)
        assert capsys.readouterr().out.startswith("CORRECT")
    for guess in (150, 195):
        lesson_01.half_life(guess)
        assert capsys.readouterr().out.startswith("TRY AGAIN")


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


def test_every_command_of_a_teacher_has_a_form_without_make():
    """Windows has no make; the scripts, and what they are given, are those of the Makefile."""
    text = (FOLDER / "README.md").read_text("utf8")
    forms = dict(re.findall(r"^\| `make (\w+)` \| (.*) \|$", text, re.MULTILINE))
    told = set(re.findall(r"make ([a-z]+)", text + (lessons.ROOT / "README.md").read_text("utf8").split("## Cite")[0]))
    targets = set(re.findall(r"^([a-z]+):", (lessons.ROOT / "Makefile").read_text("utf8"), re.MULTILINE))
    assert (told & targets) - {"test", "help", "bench"} == set(forms)
    for target, form in forms.items():
        for script in re.findall(r"scripts/\w+\.py", form):
            assert (lessons.ROOT / script).exists(), target


def test_setting_a_variable_has_a_form_for_powershell():
    """`set X=` does nothing there, and says nothing."""
    pages = [FOLDER / "README.md", lessons.ROOT / "README.md", *lessons.ROOT.glob("docs/*.md")]
    for page in pages:
        text = page.read_text("utf8")
        assert "`set " not in text or "$env:" in text, page.name


def test_every_page_is_reached_from_the_readme():
    seen, todo = set(), [FOLDER / "README.md"]
    while todo:
        page = todo.pop()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            todo += [(page.parent / t).resolve() for t in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf8"))]
    assert set(FOLDER.glob("*.md")) <= seen
