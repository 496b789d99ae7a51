"""`make test` runs all its parts whatever fails, and ends with one line; the style is looked at as the tests are."""

import everything
import lessons


def test_all_parts_run_and_the_last_line_says_what_failed(monkeypatch, capfd):
    monkeypatch.setattr(
        everything, "PARTS", {"first": "json.tool no_such_file", "second": "this", "third": "json.tool neither"}
    )
    assert everything.main([]) == ["first", "third"]
    said = capfd.readouterr().out.splitlines()
    assert "Beautiful is better than ugly." in said, "the second ran though the first had failed"
    assert said[-1] == "Failed, see above: first, third."


def test_if_all_is_well_the_last_line_says_so(monkeypatch, capfd):
    monkeypatch.setattr(everything, "PARTS", {"first": "this"})
    assert everything.main(["-n", "2"]) == []
    assert capfd.readouterr().out.splitlines()[-1] == "Passed: first."


def test_make_test_runs_every_part_and_nothing_else():
    makefile = (lessons.ROOT / "Makefile").read_text("utf8")
    assert makefile.split("\ntest: ")[1].split("\n\n")[0].splitlines()[1:] == [
        "\t$(BIN)/python scripts/everything.py -n $(JOBS) --dist loadscope --no-loadscope-reorder"
    ]
    assert set(" ".join(everything.PARTS.values()).split()) >= {"check", "format", "notebooks", "tests", "--nbval-lax"}
