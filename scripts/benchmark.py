"""`warraq benchmark`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scripts import console

if TYPE_CHECKING:
    from baselines.benchmarks.report import BenchmarkReport

SETS = "mawqif, ans, arastance (--train, --dev, --test); unifiedfc, semeval2016, fnc1, ant, corpus, release (--data)"


def benchmark(
    name: Annotated[str, typer.Argument(metavar="SET", help=f"One of {SETS}.")],
    train: Annotated[Path | None, typer.Option(metavar="FILE", help="The training part.")] = None,
    dev: Annotated[Path | None, typer.Option(metavar="FILE", help="Scored if there is no test part; else to train.")] = None,
    test: Annotated[Path | None, typer.Option(metavar="FILE", help="The test part: read once, after the fit.")] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="The folder of the set (ant: or its archive).")] = None,
    question: Annotated[str | None, typer.Option(help="Of a corpus or release; otherwise its first.")] = None,
    as_json: console.Json = False,
) -> None:
    """Fit the baseline of a public set's kind of task, and score it as the set's authors do."""
    from baselines.benchmarks.data import Files
    from baselines.benchmarks.run import run

    with console.progress(name) as progress:
        report = run(name, Files(train, dev, test, data, question), progress)
    for warning in _warnings(report) if as_json else ():
        print(f"warning: {warning}", file=sys.stderr)
    console.show(report, as_json, *_lines(report), *(f"  warning: {warning}" for warning in _warnings(report)))


def _warnings(report: "BenchmarkReport") -> list[str]:
    found = report.leaks
    said = []
    if found.count:
        pair = f", such as {found.sample[0].test} of {found.sample[0].train}"
        said.append(f"{found.count:,} scored rows are copies of training rows ({found.exact} exact, {found.near} near){pair}")
    if found.claims:
        said.append(f"{found.claims:,} scored rows have a claim of the training part")
    return said


def _lines(report: "BenchmarkReport") -> list[str]:
    rows, versus = report.rows, report.against_plain
    return [
        f"{report.benchmark}: {console.score(report.score, report.interval)}, {report.metric}; on {report.scored_on}",
        f"  {rows['train']:,} rows to train, {rows['scored']:,} scored; left out: {console.counts(report.left_out)}",
        f"  plain TF-IDF with LinearSVC {report.plain:.2f}, most frequent label always {report.majority:.2f}",
        f"  above plain by {console.score(versus.difference, versus.interval)}, p = {versus.p:.3f}",
        *(f"  {name}: F1 {console.score(c.f1, c.f1_interval)}, {c.support:,} rows" for name, c in report.per_class.items()),
        *(
            f"  {name}: {console.score(t.score, t.interval)}, plain {t.plain:.2f}, {t.rows:,} rows"
            for name, t in report.per_target.items()
        ),
        f"  {report.fit_seconds:.1f} s to fit, {report.predict_seconds:.1f} s to predict, {report.peak_memory_mb:,.0f} MB",
    ]
