"""What the tests of claims measure, as docs/claims.md states it, by a part of the test's name.

Each value comes from the functions of the test itself, sometimes over fewer chains, and is rounded so that it holds on
every machine.
"""

import numpy as np
from sklearn.neighbors import KernelDensity

from claims import test_00_start_here as start_here
from claims import test_01_gaussian as gaussian
from claims import test_02_rare_things as rare
from claims import test_03_shapes as shapes
from claims import test_04_photocopier as photocopier
from claims import test_06_word_by_word as words
from claims import test_09_how_much as how_much
from claims import test_10_web as web
from claims import test_12_keeping_it_out as defences
from claims import test_13_who_checks as who_checks
from claims import test_14_your_own_loop as own_loop
from collapse_lessons import (
    Gaussian,
    Mix,
    Photocopier,
    SklearnModel,
    accumulate,
    generations,
    metrics,
    replace,
    stream,
    theory,
)
from collapse_lessons.course.explorers import images, language, smollm2
from collapse_lessons.experiments import records
from collapse_lessons.loop import DATA
from collapse_lessons.web.maps import gaussian_map
from collapse_lessons.worlds import datasets


def lesson_00():
    """Return what lesson 00's tests measure, by test."""
    flower = datasets.flower(160)
    tiles = {
        name: round(48 * metrics.crops_recognised(start_here.trained_on(flower, recipe, 0, 20)[20], flower))
        for name, recipe in {"replace": replace, "half": Mix(0.5)}.items()
    }
    return {
        "first_copy_is_hard_to_tell": f"copy 20: {tiles['replace']} of 48 tiles",
        "half_originals_keep": f"copy 20: {tiles['half']} of 48 tiles",
        "crowd_of_twenty": f"{start_here.median_spread(replace, 51):.2f}; "
        f"theory {np.sqrt(theory.typical_var(51, 20)):.2f}",
        "real_people_in_the_pile": f"{start_here.median_spread(Mix(0.5), 51, 1000):.2f} with half originals, "
        f"{start_here.median_spread(accumulate, 51, 1000):.2f} with accumulate",
    }


def lesson_01():
    """Return what lesson 01's tests measure, by test."""
    plain, unbiased = gaussian.chains(100, 301, 10_000, 101), gaussian.chains(100, 1001, 3000, 102, ddof=1)
    fair = gaussian.chains(100, 101, 100_000, seed=104, ddof=1)
    lives = {}  # the generation at which the median falls below one half
    for n, last, n_chains in ((10, 6, 20_000), (100, 41, 10_000), (1000, 400, 1000)):
        typical = np.median(gaussian.chains(n, last, n_chains, seed=n), axis=1)
        lives[n] = int(np.argmax(typical < 0.5))
    people, batches = gaussian.fresh_people(100, stream(DATA, 0, 107)), gaussian.GaussianBatches(100)
    fresh = gaussian.Fresh(gaussian.fresh_people, 0.1)
    *_, kept = generations(batches, batches.summarise(people), accumulate, n_generations=301, seed=107)
    *_, mixed = generations(gaussian.Gaussian(), people, fresh, n_generations=301, seed=107)
    return {
        "ever_fewer_unbiased_chains": f"{(unbiased[100] > 1).mean():.0%} of 3000 chains at generation 100, "
        f"{(unbiased[1000] > 1).mean():.0%} at 1000",
        "mean_of_the_chains": f"mean variance {plain[100].mean():.2f}; exact {theory.expected_var(101, 100):.2f}",
        "ten_times_the_data": ", ".join(f"n = {n}: {life}" for n, life in lives.items()),
        "mean_of_unbiased_chains": f"{fair[-1].mean():.2f} at generation 100; exact 1",
        "nearly_every_unbiased_chain": f"{(unbiased[1000] < 0.1).mean():.0%} of 3000 chains",
        "accumulate_stops_it": f"{kept.fitted.var_.mean():.3f}; exact {theory.accumulate_var(301, 100):.3f}",
        "ten_per_cent_fresh": f"{mixed.fitted.var_.mean():.2f}; exact {theory.fresh_var(10, 90):.2f}",
        "replace_does_not": f"median variance {np.median(plain[300]):.3f} at generation 300",
    }


def lesson_02():
    """Return what lesson 02's tests measure, by test."""
    drift = np.array(list(rare.albums(1000, 101, 500, seed=1)))
    cold = np.array(list(rare.albums(1000, 101, 200, seed=2, temperature=0.9)))
    nucleus = np.array(list(rare.albums(1000, 101, 200, seed=7, top_p=0.95)))
    *_, won = rare.albums(20, 201, 3000, seed=4)
    sweets = list(rare.albums(20, 5, 20_000, seed=9, p=rare.SWEETS))
    alive = {t: metrics.alive(drift[t]).mean() for t in (0, 5, 20, 100)}
    forecast = {t: theory.survivors(t + 1, 1000, rare.SHARE) for t in alive}
    late = np.array([metrics.alive(probs) for probs in rare.albums(100, 501, 300, seed=3)])
    fresh = {
        n: theory.survivors(101, 1000, rare.SHARE, n).item()
        for n in (10, 100)  # the simulation behind them takes 40 runs; the test compares
    }
    return {
        "survivors_lie_on": "; ".join(f"{t}: {alive[t]:.0f}, forecast {forecast[t]:.0f}" for t in alive),
        "most_breeds_vanish": f"{1 - alive[100] / 120:.0%} of the breeds lost; chance to differ from "
        f"{1 - np.sum(rare.SHARE**2):.2f} to {metrics.differ(drift[100]).mean():.2f}",
        "late_collapse": f"{np.median(np.argmax(late == 1, axis=0)) / 100:.1f} n",
        "chance_leaves_a_breed": f"{(won.argmax(axis=1) == 0).mean():.0%} of 3000 chains; share {rare.SHARE[0]:.0%}",
        "leaves_the_golden_retriever": f"{metrics.alive(cold[20]).mean():.1f} breeds at 20; one breed in "
        f"{(metrics.alive(cold[100]) == 1).mean():.0%} of chains at 100",
        "top_p_cuts": f"{metrics.alive(nucleus[20]).mean():.1f} breeds at 20, {metrics.alive(nucleus[100]).mean():.1f} "
        "at 100",
        "fresh_photos_hold": f"forecast {fresh[10]:.0f} with 1%, {fresh[100]:.0f} with 10%, at 100",
        "bag_of_sweets": f"{metrics.alive(sweets[1]).mean():.1f} colours after two rounds, "
        f"{metrics.alive(sweets[4]).mean():.1f} after five",
    }


def lesson_03():
    """Return what lesson 03's tests measure, by test."""
    model, last = SklearnModel(KernelDensity(bandwidth=0.1)), []
    for seed in range(30):
        last.append(shapes.chain(model, shapes.moons(seed), n_generations=51, seed=seed)[50].samples)
    return {
        "kernel_estimate_blows_up": f"total variance {np.mean([X.var(axis=0).sum() for X in last]):.1f}, from 1.0",
    }


def lesson_04():
    """Return what lesson 04's tests measure, by test."""
    photo = photocopier.PHOTO
    office = photocopier.copies(photocopier.OFFICE, 50)
    blur = photocopier.copies(Photocopier(blur=0.5), 20)[20]
    noise = photocopier.copies(Photocopier(noise=0.02), 20)[20]
    labyrinth = photocopier.copies(photocopier.SHARPENING, 50)[50]
    piles = {
        "replace": photocopier.copies(photocopier.OFFICE, 50, n_pages=10, seed=7),
        "10% original": photocopier.copies(photocopier.OFFICE, 50, recipe=Mix(0.1), n_pages=10, seed=7),
        "accumulate": photocopier.copies(photocopier.OFFICE, 50, recipe=accumulate, seed=7),
    }
    early = {
        name: photocopier.early_share(c)
        for name, c in [("JPEG", Photocopier(jpeg=50)), ("blur", Photocopier(blur=0.5))]
    }
    return {
        "office_copier": "SSIM " + ", ".join(f"{metrics.ssim(office[t], photo):.2f}" for t in (20, 50)),
        "rounding_does": f"JPEG {early['JPEG']:.0%} in two copies",
        "contrast_and_noise_go_on": f"blur {early['blur']:.0%} in two copies",
        "is_a_labyrinth": f"SSIM {metrics.ssim(labyrinth, photo):.2f}, "
        f"{metrics.fine_detail(labyrinth, photo):.0f} times the photo's detail",
        "blur_keeps_its_ssim": f"SSIM {metrics.ssim(blur, photo):.2f}, detail {metrics.fine_detail(blur, photo):.0%}",
        "noise_loses_its_ssim": f"SSIM {metrics.ssim(noise, photo):.2f}, "
        f"crops {metrics.crops_recognised(noise, photo):.0%}",
        "only_the_crops": f"{metrics.crops_recognised(office[20], photo):.0%} of the crops",
        "what_lies_in_the_pile": ", ".join(f"{name} {metrics.ssim(p[50], photo):.2f}" for name, p in piles.items()),
    }


def lesson_05():
    """Return what lesson 05's tests measure, by test: of the recorded chains, the mean over seeds."""
    chains = {label: run.rows.groupby("generation").mean(numeric_only=True) for label, run in images.recorded().items()}
    guided, labelled, flow = (chains[f"{kind}flow, replace"] for kind in ("guided ", "labelled ", ""))
    recipes = {recipe: chains[f"VAE, {recipe}"]["frechet"] for recipe in ("replace", "10% real", "accumulate")}
    flowers = {
        name: records.load_run(datasets.data_path(f"flowers/{name}/rows.csv").parent).rows["detail"]
        for name in ("replace", "accumulate")
    }

    def covered(chain):
        return f"coverage {chain['coverage'][0]:.2f} to {chain['coverage'][7]:.2f}"

    return {
        "real_pictures_slow_it": f"distance {recipes['replace'][0]:.1f}, at 7: "
        + ", ".join(f"{name} {distance[7]:.1f}" for name, distance in recipes.items()),
        "vae_greys_in_every_recorded_seed": f"{covered(chains['VAE, replace'])}, "
        f"{chains['VAE, replace']['classes'][7]:.1f} kinds of ten left",
        "guided_flow_walks_left": f"density {guided['density'][7]:.2f}, {covered(guided)}",
        "flow_without_guidance": covered(flow),
        "labels_make_it_look": covered(labelled),
        "flowers_lose_detail": "fine detail left in v6: "
        + ", ".join(f"{name} {detail.iloc[-1] / detail.iloc[0]:.0%}" for name, detail in flowers.items()),
    }


def lesson_06():
    """Return what lesson 06's tests measure, by test."""
    counted, cold = words.editions(0, 21), words.editions(0, temperature=0.7)
    real, top_k = words.species(words.real(0)), words.species(words.editions(0, top_k=5)[0].samples)
    return {
        "species_die_along": f"{words.species(counted[20].samples)} at generation 20; forecast "
        f"{theory.survivors(22, 1000, words.SHARES):.0f}",
        "temperature_of_0_7": f"{words.species(cold[9].samples)} species at 9, {words.right(cold[9].samples):.0%} of "
        "the statements right",
        "some_decoders": f"top-k 5: {top_k} of {real} species at once",
    }


def lesson_07():
    """Return what lesson 07's tests measure, by test: of the recorded chains, the mean over seeds."""
    chains = {name: run.rows.groupby("generation").mean(numeric_only=True) for name, run in language.recorded().items()}
    line, mild, cool = chains["replace"], chains["temperature 0.95"], chains["temperature 0.9"]
    recipes = ("replace", "10% real", "accumulate-subsample", "real again")
    return {
        "replace_in_every_recorded_seed": f"perplexity {line['perplexity'][0]:.2f} to {line['perplexity'][9]:.2f}, "
        f"species {line['species'][0]:.0f} to {line['species'][9]:.0f}",
        "real_data_slow_it": "perplexity at 9: " + ", ".join(f"{r} {chains[r]['perplexity'][9]:.2f}" for r in recipes),
        "favour_in_every_recorded_seed": f"at 0.95 median {mild['judged_0.5'][0]:.2f} to {mild['judged_0.5'][9]:.2f}, "
        f"99th percentile {mild['judged_0.99'][0]:.1f} to {mild['judged_0.99'][9]:.1f}; at 0.9 "
        f"{cool['right'][9]:.0%} right about {cool['species'][9]:.0f} species",
    }


def lesson_08():
    """Return what lesson 08's tests measure, by test: of the recorded chains, the mean over seeds."""
    runs = smollm2.recorded()
    chains = {name: run.rows.groupby("generation").mean(numeric_only=True) for name, run in runs.items()}

    def of(names, column, form, generations=(0, 1, 9)):
        return "; ".join(
            f"{name} " + ", ".join(form.format(chains[full][column][t]) for t in generations)
            for name, full in names.items()
        )

    decoders = {how: f"replace, {how}" for how in ("sampling", "beams", "beams and penalty")}
    recipes = {recipe: f"{recipe}, sampling" for recipe in ("replace", "10% real", "accumulate-subsample")}
    return {
        "generation_0_reads_wikipedia": f"the base alone {runs['replace, sampling'].info['before']:.0f}; "
        + of(decoders, "perplexity", "{:.0f}"),
        "with_beams_the_same_words": of(decoders, "repetition", "{:.0%}"),
        "a_penalty_holds_loops": of(
            {"beams and penalty": decoders["beams and penalty"]}, "repetition", "{:.0%}", (0, 3, 6, 9)
        ),
        "a_draw_from_everything_hardly": of(recipes, "perplexity", "{:.0f}", (9,))
        + "; repeated: "
        + of(recipes, "repetition", "{:.0%}", (9,)),
        "asked_afresh_sampling": "asked afresh: "
        + "; ".join(
            f"{how} {smollm2.own_repetition(f'replace, {how}').loc[9].mean():.0%}"
            for how in ("sampling", "temperature 0.9", "beams")
        ),
        "a_tenth_of_real_text_reads": of({"10% real": "10% real, sampling"}, "repetition", "{:.0%}", (0, 3, 6, 9)),
    }


def lesson_09():
    """Return what lesson 09's tests measure, by test."""
    tenth = how_much.errors(how_much.fresh_10, 41).mean() / how_much.REAL_ALONE
    tables = [
        gaussian_map([500], [0, 0.5], n_chains=4000, n_generations=40, replay=replay)[0] for replay in (False, True)
    ]
    digits = how_much.ratios("digits", "fresh")[0]
    return {
        "law_at_a_fixed_total": f"s = 0.9: about {tenth:.0f} times; theory {1 / (1 - 0.9**2):.1f}",
        "never_beside_the_same": "fresh {:.2f}, the same {:.2f}; theory 0.67 and 1.33".format(
            *(b / a for a, b in tables)
        ),
        "the_golden_ratio": f"{theory.best_weight(50, 50):.3f}",
        "digits_gain": f"with as many synthetic: {digits.loc[30, 0.5]:.1f} times the error for 30 photos, "
        f"{digits.loc[500, 0.5]:.1f} for 500",
    }


def lesson_10():
    """Return what lesson 10's tests measure, by test."""
    people, teacher = (theory.unseen(100_000, web.READ, web.WORDS, generations=g) for g in (0, 1))
    mixed = theory.unseen(95_000, web.READ, web.WORDS, fresh=5000)
    return {
        "stock_lasts": f"{2024 + web.run_out(web.STOCK, web.DEMAND, 2.0):.0f}",
        "a_teacher_ends": f"people {people:.3f}, a teacher {teacher:.3f}, a teacher with 5% people {mixed:.3f}",
        "one_loop_seven_verdicts": ", ".join(
            str(int(web.verdicts(recipe)["collapsed"].drop("change in scaling law").sum())) for recipe in web.LOOPS
        ),
    }


def lesson_11():
    """Return what lesson 11's tests measure, by test."""
    plots = np.full(6, 1 / 6)
    apart, shared = (theory.lab_variety(np.array([61, 201]), 30, 4, share, plots) for share in (0.0, 0.2))
    likeness = [float(theory.lab_likeness(50_000, n, 4, 4 / 3 / n)) for n in (30, 3000)]
    return {
        "each_lasts_longer": f"{apart[0][0]:.2f}, {shared[0][0]:.2f}, {shared[1][0]:.2f}",
        "what_the_library_has": ", ".join(
            f"{within[1] / 4 + between[1] * 3 / 4:.2f}" for within, between in (apart, shared)
        ),
        "number_of_foreign_tales": ", ".join(f"{alike:.2f}" for alike in likeness),
    }


def lesson_12():
    """Return what lesson 12's tests measure, by test."""
    openai = defences.OPENAI_2023
    passed = theory.filtered_share(0.1, openai.true_positive, openai.false_positive)
    narrow = defences.half_run("prejudiced", 0.99)[1].mean()
    return {
        "numbers_of_the_first_section": f"{passed:.0%}",
        "as_narrow_as_what_passes": f"{narrow:.2f}; what passes 0.86",
        "the_more_words": ", ".join(f"{defences.detective(0, order)[3]:.2f}" for order in (2, 3, 4, 6)),
    }


def lesson_13():
    """Return what lesson 13's tests measure, by test."""
    facts, species, _ = who_checks.checked(0, 0.8)
    coin = who_checks.checked(0, 0.5)
    verified = np.sqrt(np.mean(who_checks.verified(0.5) ** 2, axis=1))
    chance = np.concatenate([np.full(60, 0.7), np.full(40, 0.2)])
    first, hundredth = theory.pass_at(np.array([1, 100]), theory.sharpened(chance, 1.25**8))
    return {
        "past_a_threshold": f"right 8 times in 10: {facts:.0%} without a mistake, {species} species; "
        f"a coin: {coin[0]:.0%}, {coin[1]} species",
        "helps_first_and_hurts_later": f"error {verified[0]:.2f}, at best {verified.min():.2f}, "
        f"in the end {verified[15]:.2f}",
        "keeps_a_tenth": f"{theory.preferred(who_checks.SHARE, who_checks.REWARD, 0.1)[9]:.0%}",
        "imitate_are_synthetic": f"{1 / (1 - theory.imitated_share(0.5, 0.8) ** 2):.1f} times",
        "first_try": f"one try {first:.0%} (50% at first), a hundred {hundredth:.0%} (100%)",
    }


def lesson_14():
    """Return what lesson 14's tests measure, by test."""
    no_control = [own_loop.explorer.studies("no control", 0.02, 30, k, 0) for k in (3, 10, 30)]
    wrong = [(own_loop.explorer.verdicts(*study, 0.02) == "wrong").mean() for study in no_control]
    usual, robust = (
        np.exp(np.median(own_loop.log_spreads(model, 0)[100])) for model in (Gaussian(ddof=1), own_loop.Robust())
    )
    laws = [
        theory.memory_heterozygosity(own_loop.FITS, 40, 1),
        theory.memory_heterozygosity(own_loop.FITS, 40, 3, thinned=True),
        own_loop.LARGER,
        theory.memory_heterozygosity(own_loop.FITS, 40, 3),
    ]
    left = {
        arm: metrics.text.species_alive(own_loop.WORLD, own_loop.editions(arm, 0)[9].samples)
        for arm in ("checked", "yoked", "no checker")
    }
    return {
        "surer_of_the_wrong_thing": ", ".join(f"{share:.0%}" for share in wrong),
        "robust_fit_loses": f"{usual:.2f} and {robust:.2f}",
        "half_lives": f"{', '.join(str(np.argmax(law < 0.5)) for law in laws)} generations",
        "perfect_checker": ", ".join(f"{arm} {species}" for arm, species in left.items()),
    }


LESSONS = (
    lesson_00,
    lesson_01,
    lesson_02,
    lesson_03,
    lesson_04,
    lesson_05,
    lesson_06,
    lesson_07,
    lesson_08,
    lesson_09,
    lesson_10,
    lesson_11,
    lesson_12,
    lesson_13,
    lesson_14,
)
