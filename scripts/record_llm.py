"""Fine-tune a language model on what its predecessor wrote, and record every generation (lesson 08).

usage: python scripts/record_llm.py --preset paper --recipe replace --decoder beams --seeds 5

What lesson 08 replays was made by

    python scripts/record_llm.py --preset laptop --model build/base --base-text books.txt.xz --corpus wikitext-2 ...

(the whole line stands in the record). Stop it whenever you like: started again, it goes on after the last finished
generation. `accelerate launch` shares the chains among graphics cards. So do several jobs of a scheduler that are
given the same folder, each with its own recipe and `--only-seed`; the last to finish writes the record. A chain's rows
are the same wherever it runs.
"""

import argparse
import copy
import dataclasses
import itertools
import json
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import torch
from accelerate import PartialState

from collapse_lessons import corpora, protocol, records, text_metrics
from collapse_lessons.forecast import forecast
from collapse_lessons.loop import FIT, stream
from collapse_lessons.models.language import CausalLM, Training
from collapse_lessons.models.training import fast_precision
from collapse_lessons.resume import resume_run

ROOT = Path(__file__).resolve().parents[1]
PROMPTS = (
    # The opening that the Nature paper prints, from Wikipedia's article on Perpendicular church towers in Somerset.
    "some started before 1360 — was typically accomplished by a master mason and a small team of itinerant masons, "
    "supplemented by local parish labourers, according to Poyntz Wright. But other authors reject this model, "
    "suggesting instead that leading architects designed the parish church towers based on early examples of "
    "Perpendicular",
    "The bridge over the river was opened to traffic in",
    "She was born in London, the daughter of a",
    "The song was received well by critics, who",
    "The battle began in the morning, when the",
    "It is a small bird, which is found only in",
    "The team won the final by two goals to",
    "The first edition of the book was published by",
    "During the war the ship carried",
    "The storm reached the coast on the night of",
    "He studied law at the university, but soon",
    "In the game the player has to",
)
POCKET_PROMPTS = (
    "The royal snurrel", "The ginger zizzard", "The velvet tumblin", "By night the", "It lives in",
    "Old sailors say that", "The two-faced clamberel is a", "Look for it in",
)  # fmt: skip
PATIENT = {"timeout": timedelta(weeks=4)}  # for the others: chains take their time
ABOUT = "about.json"  # beside the weights of a base: how it was made
TOKENIZER_READS = 5_000_000  # characters: more change few of its tokens
MOST_CHARACTERS = 8  # that a token may stand for on average


def main(argv=None):
    arguments = parse(argv)
    state = PartialState(cpu=arguments.device == "cpu", **PATIENT)
    device = str(state.device)
    torch.set_num_threads(arguments.threads)
    plan = planned(arguments)
    if arguments.base_text and not (arguments.model / "config.json").exists():
        if state.is_main_process:
            train_base(arguments, plan, device)
        state.wait_for_everyone()
    setting = prepare(arguments, plan, device)

    arguments.work.mkdir(parents=True, exist_ok=True)
    seeds = range(arguments.seeds) if arguments.only_seed is None else [arguments.only_seed]
    chains = list(itertools.product(seeds, arguments.recipe, arguments.decoder))
    mine = chains[state.process_index :: state.num_processes]
    if mine and not arguments.yes:
        model = writing(setting.model, mine[0][2])
        cost = forecast(model, setting.real, n_generations=plan.n_generations, folder=arguments.work)
        print(
            f"A chain of {plan.n_generations} generations will take {cost}. This process has {len(mine)}.", flush=True
        )
        cost.check()
    first = None
    for i, (seed, recipe, decoder) in enumerate(mine):
        if (
            i == 0 or seed != mine[i - 1][0]
        ):  # generation 0 has learned from real text: the same in all chains of a seed
            first = copy.deepcopy(setting.model).fit(setting.real, stream(FIT, 0, seed))
        began = time.perf_counter()
        chain(arguments, plan, setting, first, seed, recipe, decoder)
        print(f"seed {seed}, {recipe}, {decoder}: {time.perf_counter() - began:.0f} s", flush=True)
    state.wait_for_everyone()
    if state.is_main_process:
        for recipe, decoder in itertools.product(arguments.recipe, arguments.decoder):
            collect(arguments, plan, setting, recipe, decoder, device)


def planned(arguments):
    """Return the preset with what the command line changes of it."""
    plan = protocol.PRESETS[arguments.preset]

    def given(names):
        return {name: value for name in names if (value := getattr(arguments, name)) is not None}

    training = dataclasses.replace(plan.training, **given(["epochs", "learning_rate", "batch"]))
    return dataclasses.replace(plan, training=training, **given(["share", "n_generations", "real_prompts"]))


def prepare(arguments, plan, device):
    """Return the setting: the preset laptop has a pocket model of its own, if no other is named."""
    settings = {"device": device, "precision": fast_precision(device), "rows_at_once": arguments.rows_at_once}
    if arguments.preset == "laptop" and not arguments.model:
        return protocol.pocket(plan, **settings)
    corpus = corpora.read_corpus(arguments.corpus) if arguments.corpus else None
    corpus = corpora.as_written(corpus) if arguments.as_written else corpus
    return protocol.pretrained(plan, str(arguments.model or protocol.OPT["name"]), corpus, **settings)


def train_base(arguments, plan, device):
    """Train a tokenizer and a model of the OPT architecture on a text, from scratch; write both as the hub has them."""
    began = time.perf_counter()
    text = corpora.read_corpus(arguments.base_text).train
    tokenizer = corpora.train_tokenizer(text[:TOKENIZER_READS], arguments.vocabulary)
    characters = arguments.base_tokens * MOST_CHARACTERS
    rows = corpora.blocks(corpora.tokens(text[:characters], tokenizer)[: arguments.base_tokens], 2 * plan.block)
    print(f"base: {rows.size / 1e6:.1f} M tokens to read after {time.perf_counter() - began:.0f} s", flush=True)
    model = CausalLM(
        len(tokenizer),
        context=rows.shape[1],
        width=arguments.width,
        layers=arguments.layers,
        heads=arguments.heads,
        first=Training(1, arguments.base_learning_rate, arguments.base_batch),
        rows_at_once=arguments.rows_at_once,
        device=device,
        precision=fast_precision(device),
    ).fit(rows, stream(FIT, 0, 0))
    model.network_.half()  # a file of half the size; what rounding loses is far below what training leaves to chance
    tokenizer.save_pretrained(arguments.model)
    about = {
        "name": "a base of the OPT architecture, trained from scratch",
        "revision": records.command_line(),
        "licence": "MIT",
        "read": f"{rows.size} tokens of {arguments.base_text.name}",
        "weights": sum(weights.numel() for weights in model.network_.parameters()),
        "seconds": round(time.perf_counter() - began),
    }
    (arguments.model / ABOUT).write_text(json.dumps(about, indent=2), encoding="utf8")
    with tempfile.TemporaryDirectory(dir=arguments.model) as folder:  # config.json comes last: it says "finished"
        model.save(folder)
        for name in ("model.safetensors", "generation_config.json", "config.json"):
            if (Path(folder) / name).exists():
                (Path(folder) / name).replace(arguments.model / name)
    print(f"base: {about['weights'] / 1e6:.1f} M weights, {about['seconds']} s", flush=True)


def writing(model, decoder):
    """Return the model with another decoder, its weights shared."""
    model = copy.copy(model)
    model.decoder = protocol.DECODERS[decoder]
    return model


def chain(arguments, plan, setting, first, seed, recipe, decoder):
    """Make or finish one chain and return its run."""
    prompts = PROMPTS if setting.sources.get("checkpoints") else POCKET_PROMPTS
    return resume_run(
        arguments.work / records.folder_name(f"{recipe}, {decoder}, {seed}"),
        writing(setting.model, decoder),
        setting.real,
        protocol.RECIPES[recipe],
        metrics=protocol.measures(setting, first),
        n_generations=plan.n_generations,
        seed=seed,
        keep=range(plan.n_generations) if seed == 0 else (),
        view=protocol.View(setting, first, prompts) if seed == 0 else None,
        label=f"{recipe}, {decoder}",
    )


def collect(arguments, plan, setting, recipe, decoder, device):
    """Write the record of a recipe and decoder, once the chains of all seeds are finished, whoever made them."""
    last = f"generation_{plan.n_generations - 1:03d}"
    folders = [arguments.work / records.folder_name(f"{recipe}, {decoder}, {seed}") for seed in range(arguments.seeds)]
    if not all((folder / last).is_dir() for folder in folders):
        print(f"{recipe}, {decoder}: not all seeds are finished, so nothing is recorded yet.")
        return
    run = records.join_seeds(
        [chain(arguments, plan, setting, None, seed, recipe, decoder) for seed in range(arguments.seeds)]
    )
    about = {name: list(sources) for name, sources in setting.sources.items()}
    if arguments.model and (arguments.model / ABOUT).exists():
        about["checkpoints"] = [json.loads((arguments.model / ABOUT).read_text("utf8"))]
    source = records.provenance(
        command=records.command_line(), device=description(device), seconds=run.info["seconds"], **about
    )
    plan = dataclasses.replace(plan, decoder=protocol.DECODERS[decoder])
    run.info |= {
        "protocol": repr(plan),
        "prompts": PROMPTS if setting.sources.get("checkpoints") else POCKET_PROMPTS,
        "before": text_metrics.perplexity(setting.model, setting.held_out),  # of the base, not yet fine-tuned
    }
    folder = arguments.out / records.folder_name(f"{recipe}, {decoder}")
    records.save_run(folder, run, provenance=source)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"recorded {folder.name}, {size / 1000:.0f} kB")


def description(device):
    if device.startswith("cuda"):
        return f"one {torch.cuda.get_device_name(device)}"
    return f"CPU, {torch.get_num_threads()} thread(s)"


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", choices=protocol.PRESETS, default="laptop")
    parser.add_argument("--recipe", nargs="+", choices=protocol.RECIPES, default=["replace"])
    parser.add_argument("--decoder", nargs="+", choices=protocol.DECODERS, default=["beams"])
    parser.add_argument("--seeds", type=int, default=1, help="how many, from 0")
    parser.add_argument("--only-seed", type=int, help="make this one of them alone, where each job makes one")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "llm", help="where unfinished chains are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "llm_record", help="where records go")
    parser.add_argument("--device", choices=("auto", "cpu"), default="auto")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="of a CPU")
    parser.add_argument("--rows-at-once", type=int, default=128, help="fewer need less memory, and change nothing")
    parser.add_argument("--yes", action="store_true", help="go on without a forecast")
    parser.add_argument("--model", type=Path, help="a folder as the hub has it; by default facebook/opt-125m")
    parser.add_argument("--corpus", type=Path, help="a text file or a folder of parts; by default WikiText-2")
    parser.add_argument("--as-written", action="store_true", help="the corpus is WikiText by words: undo its spacing")
    change = parser.add_argument_group("to change a preset")
    change.add_argument("--share", type=float, help="of the corpus")
    change.add_argument("--generations", type=int, dest="n_generations")
    change.add_argument("--epochs", type=int)
    change.add_argument("--learning-rate", type=float)
    change.add_argument("--batch", type=int)
    change.add_argument("--real-prompts", action="store_true", default=None, help="prompt with real text, always")
    base = parser.add_argument_group("to train a base first, if there is none at --model")
    base.add_argument("--base-text", type=Path, help="a text file, .txt or .txt.xz")
    base.add_argument("--base-tokens", type=int, default=4_000_000)
    base.add_argument("--base-learning-rate", type=float, default=1e-3)
    base.add_argument("--base-batch", type=int, default=32)
    base.add_argument("--vocabulary", type=int, default=2000)
    base.add_argument("--width", type=int, default=128)
    base.add_argument("--layers", type=int, default=3)
    base.add_argument("--heads", type=int, default=4)
    arguments = parser.parse_args(argv)
    if arguments.base_text and not arguments.model:
        parser.error("--base-text must come with --model, got none: name the folder that the base is kept in")
    if arguments.as_written and not arguments.corpus:
        parser.error("--as-written must come with --corpus, got none: WikiText-2 from the hub has every word")
    return arguments


if __name__ == "__main__":
    main()
