"""Write baselines/RESULTS.md: `python -m tests.results`, from the project's folder, after `make demo`.

The sample's table is the demo's reports/BASELINES.md. Public sets are read where WARRAQ_DATA says; the row of a set that is
not there stays as it was. Takes some minutes.
"""

import os
from pathlib import Path
from statistics import fmean

from baselines.benchmarks.data import Files
from baselines.benchmarks.report import BenchmarkReport
from baselines.benchmarks.run import run
from baselines.evaluate import Interval

PROJECT = Path(__file__).parent.parent
RESULTS = PROJECT / "baselines" / "RESULTS.md"
DATA = Path(os.environ.get("WARRAQ_DATA", PROJECT.parent / "shared" / "data"))
SETS = {
    "ans": Files(train=DATA / "ans" / "train.csv", dev=DATA / "ans" / "dev.csv"),
    "mawqif": Files(train=DATA / "mawqif" / "train.csv"),
    "ant": Files(data=DATA / "ant"),
}
TITLE = "# Results of the baselines"
SAMPLE = "## The sample corpus"
PUBLIC = "## Public sets"
STEMS = "## What light stems are worth"
STEMS_HEAD = "| set | read | left out | difference | its standard error | models that read them |"
HEAD = "| set | scored on | rows: train, scored | metric | most frequent label | plain TF-IDF | ours | above plain | p |"


def row(report: BenchmarkReport) -> str:
    """A set's row of the table."""
    against = report.against_plain
    cells = [
        report.benchmark,
        report.scored_on,
        f"{report.rows['train']:,}, {report.rows['scored']:,}",
        report.metric,
        f"{report.majority:.3f}",
        f"{report.plain:.3f}",
        _figure(report.score, report.interval),
        _figure(against.difference, against.interval),
        f"{against.p:.3f}",
    ]
    return f"| {' | '.join(cells)} |"


def stems(report: BenchmarkReport) -> str | None:
    """A set's row of the ablation, means over the models of its folds; None where its recipe has no such choice."""
    recipes = report.recipe["folds"] if report.fold_scores else [report.recipe]
    tried = [recipe["scores"]["stems"] for recipe in recipes if "stems" in recipe.get("scores", {})]
    if not tried:
        return None
    read, left_out, error = (
        fmean(of[name] for of in tried) for name in ("read", "left out", "standard error of the difference")
    )
    chosen = sum("stems" in recipe["views"] for recipe in recipes)
    figures = f"{read:.3f} | {left_out:.3f} | {read - left_out:.3f} | {error:.3f} | {chosen} of {len(recipes)}"
    return f"| {report.benchmark}: stems | {figures} |"


def _figure(value: float, interval: Interval) -> str:
    return f"{value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else f"{value:.3f} [no interval]"


def sample(demo: Path) -> str:
    """The sample's part: the demo's table without its title."""
    return (demo / "reports" / "BASELINES.md").read_text("utf-8").split("\n\n", 1)[1]


def rows(cell: str = "{}") -> dict[str, str]:
    """The rows of the public sets as they stand in the file; `cell` is the first of a row, with the set's name in it."""
    old = RESULTS.read_text("utf-8").splitlines() if RESULTS.exists() else []
    return {name: line for line in old for name in SETS if line.startswith(f"| {cell.format(name)} |")}


def document(sample: str, rows: dict[str, str], ablation: dict[str, str]) -> str:
    """The whole file; `ablation` has the rows on stems."""
    public = [
        "Each with its own metric and split, by `warraq benchmark`; where the set has no open test part, on out-of-fold",
        "predictions whose choices were made without the fold. In brackets the 95% bootstrap interval, by group. p is of",
        "approximate randomisation, two-sided.",
    ]
    table = [
        HEAD,
        "| --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
        *(rows[name] for name in SETS if name in rows),
    ]
    choice = [
        "The text recipes choose inside their training part whether light stems are read beside words and letters. Scores of",
        "both there, out of fold, and the standard error of their difference by the grouped jackknife: means over the models.",
    ]
    of_stems = [
        STEMS_HEAD,
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(ablation[name] for name in SETS if name in ablation),
    ]
    said = "Written by `python -m tests.results`. Scores are from 0 to 1."
    parts = [TITLE, said, SAMPLE, sample.strip(), PUBLIC, "\n".join(public), "\n".join(table)]
    parts += [STEMS, "\n".join(choice), "\n".join(of_stems)]
    return "\n\n".join(parts) + "\n"


def there(files: Files) -> bool:
    """Whether the set is on this machine."""
    return all(path.exists() for path in (files.train, files.dev, files.test, files.data) if path)


if __name__ == "__main__":
    reports = {name: run(name, files) for name, files in SETS.items() if there(files)}
    found = rows() | {name: row(report) for name, report in reports.items()}
    worth = rows("{}: stems") | {name: line for name, report in reports.items() if (line := stems(report))}
    RESULTS.write_text(document(sample(PROJECT / "demo"), found, worth), "utf-8")
