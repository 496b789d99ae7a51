"""Fine-tune a language model on what its predecessor wrote, and record every generation (lesson 08).

    python scripts/record/llm.py --model smollm2 --recipe replace --decoder sampling --only-seed 0

A chain is a recipe, a decoder and a seed. Stop it whenever you like: started again, it goes on after the last finished
generation. Each is recorded in a folder of its own as soon as it is finished, OUT/RECIPE_DECODER/seed_SEED, so that
seeds can be added later, without what lies in the work folder; the whole command stands in the record.
`accelerate launch` shares the chains among graphics cards. So do several jobs of a scheduler that are given the same
folders, each with its own recipe and `--only-seed`. On one machine a chain's rows are the same whichever process makes
it.
"""

import argparse
import copy
import dataclasses
import itertools
import json
import re
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What can be chosen, by name: `protocol` has them as well, and takes seconds to import.
PRESETS = ("laptop", "colab", "paper")
RECIPES = ("replace", "10% real", "accumulate-subsample")
DECODERS = ("sampling", "temperature 0.9", "beams", "beams and penalty")
PRECISIONS = ("float32", "bfloat16", "float16")


def parse(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--preset", choices=PRESETS, default="laptop",
        help="paper: the Nature paper's settings; colab: with a fifth of the text; laptop (default): with a toy",
    )  # fmt: skip
    parser.add_argument(
        "--recipe", nargs="+", choices=RECIPES, default=["replace"],
        help="what a generation learns from, one or several; by default replace",
    )  # fmt: skip
    parser.add_argument(
        "--decoder", nargs="+", choices=DECODERS, default=["beams"],
        help="how it writes, one or several; by default beams",
    )  # fmt: skip
    parser.add_argument("--seeds", type=int, default=1, help="how many, from 0; by default 1")
    parser.add_argument("--only-seed", type=int, help="make this one of them alone, where each job makes one")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "llm", help="where unfinished chains are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "llm_record", help="where records go")
    parser.add_argument("--device", choices=("auto", "cpu"), default="auto")
    parser.add_argument("--threads", type=int, help="of a CPU; by default as many as PyTorch takes")
    parser.add_argument("--rows-at-once", type=int, default=128, help="fewer need less memory, and change nothing")
    parser.add_argument("--yes", action="store_true", help="go on without a forecast")
    parser.add_argument("--model", help="smollm2, a folder as the hub has it, or a name in the hub; else OPT-125M")
    parser.add_argument("--corpus", type=Path, help="a text file or a folder of parts; by default WikiText-2")
    parser.add_argument("--as-written", action="store_true", help="the corpus is WikiText by words: undo its spacing")
    parser.add_argument("--held-out", type=int, help="at most so many blocks to measure perplexity on")
    for name, what in (("precision", "training"), ("writing", "writing")):
        parser.add_argument(
            f"--{name}",
            choices=PRECISIONS,
            help=f"for {what}; by default what a short try finds fastest here",
        )
    change = parser.add_argument_group("to change a preset (the paper's numbers are in brackets)")
    change.add_argument("--share", type=float, help="of the corpus that is used, from 0 to 1 (1)")
    change.add_argument("--generations", type=int, dest="n_generations", help="the first included (10)")
    change.add_argument("--epochs", type=int, help="how often each block is read in training (5)")
    change.add_argument("--learning-rate", type=float, help="how far a step moves the weights (2e-5)")
    change.add_argument("--batch", type=int, help="blocks in a step (128)")
    change.add_argument("--real-prompts", action="store_true", default=None, help="prompt with real text, always")
    change.add_argument(
        "--last-epoch", action="store_false", dest="choose_epoch", default=None,
        help="keep the last epoch's weights, not those that real validation text likes best",
    )  # fmt: skip
    arguments = parser.parse_args(argv)
    if arguments.as_written and not arguments.corpus:
        parser.error("--as-written must come with --corpus, got none: WikiText-2 from the hub has every word")
    return arguments


if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parse()

import torch
from accelerate import PartialState
from filelock import FileLock

from collapse_lessons import describe, metrics
from collapse_lessons.experiments import protocol, records, run_folder
from collapse_lessons.experiments.forecast import forecast
from collapse_lessons.experiments.provenance import command_line, provenance
from collapse_lessons.experiments.resume import resume_run
from collapse_lessons.loop import FIT, stream
from collapse_lessons.models.precision import fast_training, fast_writing
from collapse_lessons.models.smollm2 import find_smollm2
from collapse_lessons.worlds import corpora

PROMPTS = (
    # The opening that the Nature paper prints, from Wikipedia's article on Perpendicular church towers in Somerset.
    "some started before 1360 — was typically accomplished by a master mason and a small team of itinerant masons, "
    "supplemented by local parish labourers, according to Poyntz Wright. But other authors reject this model, "
    "suggesting instead that leading architects designed the parish church towers based on early examples of "
    "Perpendicular",
    # All others have ten tokens of SmolLM2's, so that they are continued side by side.
    "It is a small bird that is found only in",
    "The battle began early in the morning, when the",
    "The bridge over the river was opened to traffic in",
    "She was born in London, the daughter of a",
    "The song was received very well by critics, who",
    "The team won the final match by two goals to",
    "The first edition of this book was published by the",
    "During the war the old ship carried troops to the",
    "The storm reached the coast early on the night of",
    "He studied law at the university, but he soon",
    "In the game the player has to find a way",
)
POCKET_PROMPTS = (
    "The royal snurrel", "The ginger zizzard", "The velvet tumblin", "By night the", "It lives in",
    "Old sailors say that", "The two-faced clamberel is a", "Look for it in",
)  # fmt: skip
PATIENT = {"timeout": timedelta(weeks=4)}  # for the others: chains take their time
SMOLLM2 = "smollm2"
STOPPED = 130  # what a shell reads as: stopped by Ctrl-C


def main(argv=None):
    arguments = parse(argv)
    state = PartialState(cpu=arguments.device == "cpu", **PATIENT)
    device = str(state.device)
    torch.set_num_threads(arguments.threads or torch.get_num_threads())
    plan = planned(arguments)
    arguments.work.mkdir(parents=True, exist_ok=True)
    with in_a_sentence():
        setting = prepare(arguments, plan, device)
    seeds = range(arguments.seeds) if arguments.only_seed is None else [arguments.only_seed]
    chains = list(itertools.product(seeds, arguments.recipe, arguments.decoder))
    mine = chains[state.process_index :: state.num_processes]
    with in_a_sentence():
        for seed, recipe, decoder in mine:
            check_places(arguments, plan, setting, seed, recipe, decoder)
        if mine and not arguments.yes:
            model = writing(setting.model, mine[0][2])
            cost = forecast(model, setting.real, n_generations=plan.n_generations, folder=arguments.work)
            print(
                f"A chain of {plan.n_generations} generations of {len(setting.real)} blocks of {plan.block} tokens "
                f"will take {cost}. This process has {len(mine)}.",
                flush=True,
            )
            cost.check()
    for seed, recipe, decoder in mine:
        began = time.perf_counter()
        run = chain(arguments, plan, setting, seed, recipe, decoder)
        if run.info["interrupted"]:
            raise SystemExit(STOPPED)
        print(f"seed {seed}, {recipe}, {decoder}: {time.perf_counter() - began:.0f} s", flush=True)
        record(arguments, plan, setting, run, seed, recipe, decoder, device)


@contextmanager
def in_a_sentence():
    """Say what is wrong before anything is computed, without the way there through the code."""
    try:
        yield
    except (ValueError, TypeError, OSError, MemoryError) as error:
        raise SystemExit(f"{Path(__file__).name}: {error}") from None


def check_places(arguments, plan, setting, seed, recipe, decoder):
    """Refuse to go on with a chain of another model, text or plan, and to write over its record."""
    work, out = work_folder(arguments, seed, recipe, decoder), record_folder(arguments, seed, recipe, decoder)
    remedy = "name another --work and another --out, or give all options as before"
    if (work / run_folder.SETTINGS).is_file():
        before = run_folder.read_settings(work)["contents"]
        model = writing(setting.model, decoder)
        for name, value, what in (("real", setting.real, "text"), ("model", model, "model or training")):
            if before.get(name) != json.loads(json.dumps(describe.identity(name, value))):
                raise ValueError(
                    f"--work must be for chains of one experiment, got {work.name} of another {what}: {remedy}"
                )
    if out.is_dir():
        before, now = records.load_run(out).info, experiment(plan, setting, decoder)
        for name, value in now.items():
            if _any_length(before.get(name)) != _any_length(records.plain(value)):
                raise ValueError(
                    f"--out must be for records of one experiment, got {out.parent.name}/{out.name} of other {name}: "
                    f"{remedy}"
                )


def _any_length(value):
    """Return what a record says without how long a chain is: it may become longer."""
    return re.sub(r"n_generations=\d+", "", value) if isinstance(value, str) else value


def experiment(plan, setting, decoder):
    """Return what a record says of what it is of: its sources and its protocol."""
    sources = {name: list(sources) for name, sources in setting.sources.items()}
    return sources | {"protocol": repr(dataclasses.replace(plan, decoder=protocol.DECODERS[decoder]))}


def planned(arguments):
    """Return the preset with what the command line changes of it."""
    plan = protocol.PRESETS[arguments.preset]

    def given(names):
        return {name: value for name in names if (value := getattr(arguments, name)) is not None}

    training = dataclasses.replace(plan.training, **given(["epochs", "learning_rate", "batch"]))
    others = given(["share", "n_generations", "real_prompts", "choose_epoch"])
    return dataclasses.replace(plan, training=training, **others)


def prepare(arguments, plan, device):
    """Return the setting: the preset laptop has a pocket model of its own, if no other is named."""
    settings = {"device": device, "rows_at_once": arguments.rows_at_once, **precisions(arguments, device)}
    if arguments.preset == "laptop" and not arguments.model:
        return protocol.pocket(plan, **settings)
    corpus = corpora.read_corpus(arguments.corpus) if arguments.corpus else None
    corpus = corpora.as_written(corpus) if arguments.as_written else corpus
    model = find_smollm2() if arguments.model == SMOLLM2 else arguments.model or protocol.OPT["name"]
    setting = protocol.pretrained(plan, model, corpus, **settings)
    return dataclasses.replace(setting, held_out=setting.held_out[: arguments.held_out])


def precisions(arguments, device):
    """Return in what to train and to write: as given, else as in this work folder before, else as a try finds fastest.

    A busy machine may find another at the next start, and the chains would not be the same.
    """
    path = arguments.work / f"fastest_on_{torch.device(device).type}.json"
    with FileLock(path.with_suffix(".lock")):
        if path.is_file():
            found = json.loads(path.read_text("utf8"))
        else:
            fastest = {"precision": fast_training(device), "writing": fast_writing(device)}
            found = {name: str(dtype).removeprefix("torch.") for name, dtype in fastest.items()}
            path.write_text(json.dumps(found), encoding="utf8")
    return {name: getattr(torch, getattr(arguments, name) or found[name]) for name in found}


def writing(model, decoder):
    """Return the model with another decoder, its weights shared."""
    model = copy.copy(model)
    model.decoder = protocol.DECODERS[decoder]
    return model


def chain(arguments, plan, setting, seed, recipe, decoder):
    """Make or finish one chain and return its run."""
    first = first_model(arguments.work, setting, seed)
    return resume_run(
        work_folder(arguments, seed, recipe, decoder),
        writing(setting.model, decoder),
        setting.real,
        protocol.RECIPES[recipe],
        metrics=protocol.measures(setting, first),
        n_generations=plan.n_generations,
        seed=seed,
        keep=range(plan.n_generations),
        view=protocol.View(setting, first, prompts(setting)),
        label=f"{recipe}, {decoder}",
        progress=lambda to_come: told(to_come, plan.n_generations),
    )


def told(to_come, n):
    """Say when a generation is finished."""
    for t in to_come:
        yield t
        print(f"generation {t} of 0 to {n - 1} is finished", flush=True)


def first_model(work, setting, seed):
    """Return the model of generation 0, which has learned from real text: the same in all chains of a seed, made once.

    It judges what later generations write.
    """
    made_of = [f"{setting.model!r} {setting.model.fingerprint()}".encode(), setting.real.tobytes()]
    if setting.model.validation is not None:
        made_of.append(setting.model.validation.tobytes())
    folder = work / f"first_{seed}_{describe.sha256(b''.join(made_of))[:12]}"
    first = copy.deepcopy(setting.model)
    with FileLock(folder.with_suffix(".lock")):
        if folder.is_dir():
            return first.load(folder)
        first.fit(setting.real, stream(FIT, 0, seed))
        with tempfile.TemporaryDirectory(dir=work) as new:
            first.save(Path(new) / "model")
            (Path(new) / "model").replace(folder)
    return first


def prompts(setting):
    return PROMPTS if setting.sources.get("checkpoints") else POCKET_PROMPTS


def work_folder(arguments, seed, recipe, decoder):
    return arguments.work / records.folder_name(f"{recipe}, {decoder}, {seed}")


def record_folder(arguments, seed, recipe, decoder):
    return arguments.out / records.folder_name(f"{recipe}, {decoder}") / f"seed_{seed}"


def record(arguments, plan, setting, run, seed, recipe, decoder, device):
    """Write the record of one chain."""
    of = experiment(plan, setting, decoder)
    source = provenance(
        command=command_line(),
        device=description(device),
        seconds=run.info["seconds"],
        **{name: sources for name, sources in of.items() if name in setting.sources},
    )
    run.info |= {
        "protocol": of["protocol"],
        "prompts": prompts(setting),
        "before": metrics.text.perplexity(setting.model, setting.held_out),  # of the base, not yet fine-tuned
        "held_out": len(setting.held_out),
    }
    folder = record_folder(arguments, seed, recipe, decoder)
    records.save_run(folder, run, provenance=source)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"recorded {size / 1000:.0f} kB in {folder}: records.load_run reads it", flush=True)


def description(device):
    if device.startswith("cuda"):
        return f"one {torch.cuda.get_device_name(device)}"
    return f"CPU, {torch.get_num_threads()} thread(s)"


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("Interrupted: what was finished is kept; the same command goes on from there.")
        raise SystemExit(STOPPED) from None
