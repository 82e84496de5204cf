"""`warraq demo`: the main job on the sample corpus, each step by its own command, then one screen."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from scripts import console

STEPS = ["duplicates", "sample", "studio start", "push", "(replay)", "status", "pull", "agreement", "resolve", "split"]
STEPS += ["train", "publish", "card", "verify"]


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the corpus folder is made.")] = Path("demo"),
) -> None:
    """Run the whole trade on the sample corpus that ships with Warraq, and leave Label Studio running to look at."""
    from corpus.sample.replay import FOLDER, replay
    from corpus.workspace import find

    folder.mkdir(parents=True, exist_ok=True)
    for source in (FOLDER / "warraq.toml", FOLDER / "targets.yaml", FOLDER / "card.toml"):
        if not (folder / source.name).exists():
            shutil.copyfile(source, folder / source.name)
    _run(folder, "init", str(folder))
    reports = {"convert": _run(folder, "convert", "--json", str(FOLDER / "pages"), str(FOLDER / "trec"))}
    for step in STEPS:
        if step == "(replay)":
            print("  three recorded annotators answer through Label Studio's API", flush=True)
            with console.progress("answering") as progress:
                replay(find(folder), progress)
        else:
            release = [str(folder / "release")] if step == "verify" else []
            reports[step] = _run(folder, *step.split(), *release, "--json")
    _screen(folder, reports)


def _run(folder: Path, *arguments: str) -> Any:
    """Run one command as a person would, its progress bar shown, and return its JSON object."""
    place = [] if arguments[0] == "init" else ["-C", str(folder)]
    print("$ warraq", *place, *(a for a in arguments if a != "--json"), flush=True)
    command = [sys.executable, "-P", "-m", "scripts.cli", *place, *arguments]  # -P: not a folder `scripts` of the user's
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)
    return json.loads(done.stdout) if "--json" in arguments else None


def _screen(folder: Path, reports: dict[str, Any]) -> None:
    """One screen: what went in and came out of each step, agreement, scores, and where to look."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="The sample corpus, from pages to a dataset", title_justify="left", show_header=False, box=None)
    table.add_column(style="bold")
    table.add_column()
    for name, text in _rows(folder, reports):
        table.add_row(name, text)
    out = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    out.print()
    out.print(table)
    out.print("\nThe articles and judgments were written for this project, about an invented country; nobody gathered them.")
    out.print("The corpus shows the tool and says nothing about the world. In [ ]: 95% intervals.\n", markup=False)


def _rows(folder: Path, r: dict[str, Any]) -> list[tuple[str, str]]:
    convert, copies, sample, push, pull = (r[step] for step in ("convert", "duplicates", "sample", "push", "pull"))
    rows = [
        ("convert", f"{convert['records']} records = {convert['articles']} articles + {convert['rejected']} rejected"),
        ("duplicates", f"{copies['clusters']} clusters of copies among {copies['articles']} articles"),
        (
            "sample",
            f"{sample['candidates']} candidates = {sample['items']} items + {sample['not_sampled']} left"
            f" ({sample['duplicates']} copies, {sample['without_phrase']} without a target)",
        ),
        (
            "push",
            f"{push['items']} items = {push['present']} there + {push['sent']} sent + {push['text_changed']} changed",
        ),
        (
            "pull",
            f"{pull['on_server']} annotations = {pull['submitted']} submitted + {pull['skipped']} skipped"
            f" + {pull['rejected']} rejected",
        ),
    ]
    for question, statuses in r["resolve"]["per_question"].items():
        rows.append((f"gold, {question}", console.counts(statuses)))
    rows.append(("splits", console.counts(r["split"]["splits"])))
    for q in r["agreement"]["questions"]:
        alpha = console.score(q["alpha"], q["alpha_interval"])
        judged = f"{q['units']} {'articles' if q['scope'] == 'article' else 'items'}, {q['annotators']} people"
        rows.append((f"agreement, {q['question']}", f"Krippendorff's alpha {alpha} on {judged}"))
    rows += _scores(r["train"])
    rows += [
        ("release", f"{folder / 'release'}    datasets.load_dataset({str(folder / 'release')!r}, 'stance')"),
        ("verify", f"{len(r['verify']['checks'])} checks of the release, all hold"),
        ("report", f"{folder / 'reports' / 'baselines.html'}"),
        ("Label Studio", f"{r['studio start']['url']}    (stop it with `warraq -C {folder} studio stop`)"),
        ("  log in as", f"{r['studio start']['user']}    password {r['studio start']['password']}"),
    ]
    return rows


def _scores(train: dict[str, Any]) -> list[tuple[str, str]]:
    """The test scores of each question's chosen model, beside the most frequent label."""
    return [
        (
            f"baseline, {q['question']}",
            f"macro-F1 {console.score(q['model']['macro_f1'], q['model']['macro_f1_interval'])}"
            f" on {q['model']['rows']} test rows; most frequent label"
            f" {console.score(q['majority']['macro_f1'], q['majority']['macro_f1_interval'])}",
        )
        for q in train["questions"]
    ]
