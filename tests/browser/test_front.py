"""The page that plays: its own loop keeps the laws of the lessons, and everybody can play it, from a file, alone."""

import numpy as np
import pytest

pytest.importorskip("jinja2")

import front

from collapse_lessons import theory
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.models.categorical import CategoricalBatches

N, SEEDS, SHOWN = 1000, 200, [0, 5, 20]
TRUTH = front.WORLD.species["share"].to_numpy()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return front.write(tmp_path_factory.mktemp("front") / "index.html")


@pytest.fixture
def tab(path, open_page):
    """The page, opened from its file, which must ask nobody for anything."""
    tab = open_page(1280, 800)
    tab.goto(path.as_uri())
    yield tab
    assert not tab.errors


def play(tab, **settings):
    """Return (alive, differ), each of shape (seeds, generations shown), of the page's own loop."""
    measured = tab.evaluate(
        """([seeds, shown, settings]) => Array.from({ length: seeds }, (_, seed) => {
            const turns = goRound(TRUTH, () => settings, dice(seed));
            const chain = Array.from({ length: shown.at(-1) + 1 }, () => turns.next().value);
            return shown.map((t) => [alive(chain[t]), differ(chain[t])]);
        })""",
        [SEEDS, SHOWN, {"n": N, "favour": False, "keep": False} | settings],
    )
    return np.moveaxis(np.array(measured), 2, 0)


def error(values):
    """Return the standard error of the mean over seeds."""
    return values.std(axis=0, ddof=1) / np.sqrt(len(values))


def test_its_loop_loses_species_as_the_exact_law_says(tab):
    survivors, differ = play(tab)
    exact = [theory.exact_survivors(t + 1, N, TRUTH) for t in SHOWN]
    assert (np.abs(survivors.mean(axis=0) - exact) < 5 * error(survivors)).all(), "five standard errors"
    assert (5 * error(survivors) < 4).all(), "an edition of 900 articles instead of 1000 has 5 fewer at generation 20"
    exact = theory.heterozygosity(np.array(SHOWN) + 1, N, TRUTH)
    assert (np.abs(differ.mean(axis=0) - exact) < 5 * error(differ)).all()


def test_real_articles_hold_the_tail_as_the_forecast_says(tab):
    survivors, _ = play(tab, keep=True)
    forecast = theory.survivors(np.array(SHOWN) + 1, N, TRUTH, N // 10)
    assert (np.abs(survivors.mean(axis=0) - forecast) < 5 * error(survivors) + 0.005 * forecast).all()


def test_favour_drives_out_as_fast_as_in_the_course_s_own_model(tab):
    survivors, differ = play(tab, favour=True)
    real = stream(DATA, 0, 0).multinomial(N, TRUTH, size=(1, 500))
    turns = generations(CategoricalBatches(N, temperature=0.9), real, n_generations=SHOWN[-1] + 1, seed=0)
    chains = np.array([turn.fitted.probs_ for turn in turns])[SHOWN]
    theirs = {"alive": (chains > 0).sum(axis=2).T, "differ": 1 - (chains**2).sum(axis=2).T}
    for ours, other in ((survivors, theirs["alive"]), (differ, theirs["differ"])):
        apart = np.abs(ours.mean(axis=0) - other.mean(axis=0))
        assert (apart < 5 * np.hypot(error(ours), error(other))).all()


def test_its_world_and_its_forecast_are_those_of_the_lessons(tab):
    assert np.allclose(tab.evaluate("TRUTH"), TRUTH, rtol=1e-12)
    assert tab.evaluate("SPECIES.map(([name]) => name)") == list(front.WORLD.species["name"])
    for fresh in (0, 100):
        drawn = tab.evaluate("fresh => forecast(101, 1000, TRUTH, fresh)", fresh)
        assert np.allclose(drawn, theory.survivors(np.arange(101) + 1, N, TRUTH, fresh), rtol=1e-9)


def test_the_code_that_runs_is_the_code_that_is_shown(tab):
    shown = tab.text_content("#the-loop").strip()
    assert shown == tab.evaluate("goRound.toString()")
    assert len(shown.splitlines()) <= 12
    assert "function sharpen" in tab.text_content("#the-rest")


def test_all_of_it_goes_by_keyboard_and_is_said(tab):
    tab.focus("#guess")
    tab.keyboard.type("250")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.id") == "play"
    tab.keyboard.press("Enter")
    tab.wait_for_function("chain.past.length > 2")
    tab.keyboard.press("Enter")
    stopped = tab.evaluate("chain.past.length")
    said = tab.text_content("#said")
    assert f"{tab.text_content('#alive')} of 400 species are left" in said
    tab.keyboard.press("Tab")
    for _ in range(21 - stopped):
        tab.keyboard.press("Space")
    assert "guessed 250" in tab.text_content("#said")
    assert tab.get_attribute("#said", "aria-live") == "polite"
    lost = int(tab.text_content("#alive"))
    tab.focus("#keep")
    tab.keyboard.press("Space")
    tab.focus("#step")
    tab.keyboard.press("Space")
    assert int(tab.text_content("#alive")) > lost, "a hundred real articles bring some back at once"
    tab.focus("#rank")
    tab.keyboard.press("Home")
    assert tab.text_content("#story").startswith("The ginger zizzard")
    tab.focus("#restart")
    tab.keyboard.press("Enter")
    assert tab.text_content("#alive") == "400"


def test_every_play_stops_at_the_answer_and_nothing_gives_the_first_away_before(tab):
    expected = "document.querySelector('#expected').getAttribute('d')"
    tab.evaluate("() => { for (let t = 0; t < ASKED; t++) step(); }")
    assert not tab.evaluate(expected)
    tab.evaluate("play()")
    assert tab.text_content("#status").startswith(f"Generation 20: {tab.text_content('#alive')} of 400 species")
    assert tab.text_content("#play").endswith("Play on")
    assert tab.text_content("#said").startswith("Generation 20: ")
    assert tab.evaluate(expected).startswith("M")
    tab.evaluate("restart()")
    assert tab.text_content("#play").endswith("Play"), "a new chain has not begun"
    tab.evaluate("() => { for (let t = 0; t < ASKED; t++) step(); }")
    assert tab.text_content("#play").endswith("Play on")
    tab.evaluate("play()")
    assert tab.text_content("#status").startswith("Generation 20: "), "a second chain stops there, too"
    tab.evaluate("play()")
    assert tab.text_content("#play").endswith("Pause"), "and goes on when it is told to"
    tab.click("#play")


def test_enter_in_the_guess_plays_and_no_number_of_species_is_no_guess(tab):
    tab.fill("#guess", "999")
    tab.press("#guess", "Enter")
    assert tab.text_content("#play").endswith("Pause")
    tab.evaluate("() => { pause(); while (chain.past.length <= ASKED) step(); }")
    assert "guessed" not in tab.text_content("#status")
    tab.fill("#guess", "50")
    assert "you guessed 50" in tab.text_content("#status")


def test_each_generation_names_what_it_lost(tab):
    tab.click("#step")
    tab.click("#step")
    [name, more] = tab.evaluate(
        """() => {
            const lost = SPECIES.filter((_, i) => chain.past[0][i] > 0 && chain.past[1][i] === 0);
            return [lost[0][0], lost.length - 1];
        }"""
    )
    assert tab.text_content("#status") == f"Generation 1 read generation 0. Gone: the {name} and {more} more."


def test_a_finger_takes_the_nearest_light(path, open_page):
    tab = open_page(400, 720, has_touch=True)
    tab.goto(path.as_uri())
    light = tab.locator('.lights circle[data-rank="399"]').bounding_box()
    tab.touchscreen.tap(light["x"] + light["width"] / 2 + 4, light["y"] + light["height"] / 2 + 1)
    assert tab.input_value("#rank") == "400"
    assert not tab.errors


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (820, 1180), (400, 720)])
def test_islands_numbers_and_play_are_on_the_first_screen(width, height, path, open_page):
    tab = open_page(width, height)
    tab.goto(path.as_uri())
    for part in ("h1", "#map", "#alive", "#differ", "#guess", "#play"):
        box = tab.locator(part).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height, part


def test_it_plays_to_the_end_by_itself_and_says_what_is_left(tab):
    tab.evaluate("() => { for (let t = 0; t <= LAST; t++) step(); }")
    left = tab.text_content("#alive")
    assert f"Generation 100: {left} species" in tab.text_content("#status")
    lit = tab.locator(".lights circle:not(.gone)").count()
    assert lit == int(left) < 40
    tab.click("#step")
    assert tab.evaluate("chain.past.length") == 1, "after the end a new chain begins"


def test_the_photo_and_the_language_model_turn(tab):
    def place():
        return tab.evaluate("getComputedStyle(document.querySelector('#photo')).backgroundPositionY")

    first = place()
    tab.focus("#copy")
    tab.keyboard.press("End")
    assert tab.text_content("#copy-words") == "copy 50"
    assert place() != first
    size = tab.evaluate(
        """async () => {
            const image = new Image();
            image.src = getComputedStyle(document.querySelector("#photo")).backgroundImage.slice(5, -2);
            await image.decode();
            return [image.width, image.height];
        }"""
    )
    assert size == [246, 160 * 51]
    tab.focus("#turn")
    tab.keyboard.press("End")
    prompt = front.prompts()[front.PROMPT]
    assert prompt["goes_on"][9].strip() in tab.text_content("#goes-on")
    tab.select_option("#prompt", "1")
    assert front.prompts()[1]["goes_on"][9].strip() in tab.text_content("#goes-on")


@pytest.mark.parametrize("width", [1280, 768, 400])
def test_nothing_needs_scrolling_sideways(width, path, open_page):
    tab = open_page(width, 800)
    tab.goto(path.as_uri())
    tab.evaluate("() => document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate("[...document.querySelectorAll('pre')].every((pre) => pre.scrollWidth <= pre.clientWidth)")
    assert not tab.errors


def test_it_is_small(path):
    assert path.stat().st_size < 300_000


def test_whoever_wants_no_motion_gets_none(path, open_page):
    tab = open_page(reduced_motion="reduce")
    tab.goto(path.as_uri())
    tab.click("#step")
    tab.click("#step")
    assert tab.locator(".lights .dying").count() > 10
    assert tab.evaluate("document.getAnimations().length") == 0


def test_without_a_script_it_is_a_still_with_its_words(path, open_page):
    tab = open_page(java_script_enabled=False)
    tab.goto(path.as_uri())
    assert tab.locator(".stills figure").count() == 4
    assert "Generation 20: " in tab.locator(".stills figcaption").nth(2).text_content()
    assert not tab.locator(".moving").first.is_visible()
    assert "fit: how common" in tab.text_content("#the-loop")
    assert tab.locator(".goes-on", has_text="Greenwood Pressellers").is_visible()
