"""The plots of a release, as PNG below plots/: labels, lengths, months, agreement. Counted from its Parquet files.

`planned` gives them by name: `label-QUESTION.png` for each labelled question, `lengths.png`, `months.png`, `agreement.png`.
What has nothing to show is left out. The drawing functions take plain numbers and remember what they drew.
"""

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from corpus import plots
from corpus.codebook import Codebook, Question
from corpus.release.papers.measured import Measured
from corpus.release.papers.released import Config

FOLDER = "plots"
SIDES = {"train": plots.COLOURS[0], "validation": plots.COLOURS[1], "test": plots.COLOURS[2]}
BINS = 30
Bar = tuple[str, tuple[int, ...]]
Point = tuple[str, float | None, tuple[float, float] | None]


def planned(configs: dict[str, Config], book: Codebook, measured: list[Measured]) -> dict[str, Callable[[], bytes]]:
    """What draws each plot of a release, by path relative to it, in the order in which the card shows them.

    Args:
        configs: what the release holds.
        book: the codebook it was labelled by.
        measured: agreement on each question.
    """
    made: dict[str, Callable[[], bytes]] = {}
    for question in book.labelled:
        if question.id in configs:
            made[f"label-{question.id}"] = partial(_labels, question, configs[question.id])
    if configs["articles"].words:
        made["lengths"] = partial(lengths, tuple(configs["articles"].words))
    if configs["articles"].months:
        made["months"] = partial(months, tuple(sorted(configs["articles"].months.items())))
    points = [(m.question, m.alpha, m.alpha_interval, m.raw, m.raw_interval) for m in measured]
    if any(alpha is not None or raw is not None for _, alpha, _, raw, _ in points):
        made["agreement"] = partial(
            agreement,
            tuple((name, alpha, interval) for name, alpha, interval, _, _ in points),
            tuple((name, raw, interval) for name, _, _, raw, interval in points),
        )
    return {f"{FOLDER}/{name}.png": draw for name, draw in made.items()}


def _labels(question: Question, config: Config) -> bytes:
    splits = tuple(config.rows)
    bars = [
        ("\n".join(choice.name[language] for language in ("ar", "en")), choice.code)
        for choice in sorted(question.choices, key=lambda choice: choice.code)
    ]
    counted = tuple((name, tuple(config.labels[split][code] for split in splits)) for name, code in bars)
    tied = tuple(config.labels[split][None] for split in splits)
    return labels(f"{question.name['ar']} · {question.name['en']}", splits, (*counted, ("tied", tied)))


@cache
def labels(title: str, splits: tuple[str, ...], bars: tuple[Bar, ...]) -> bytes:
    """Settled answers: one bar a label, in the order of the codebook's integers, its counts by split one after the other."""
    with plots.style():
        figure = plots.figure(height=1.3 + 0.42 * len(bars))
        axes = figure.add_subplot()
        left = np.zeros(len(bars))
        for at, split in enumerate(splits):
            counts = np.array([counted[at] for _, counted in bars])
            axes.barh(range(len(bars)), counts, left=left, color=SIDES[split], label=split, height=0.7)
            left += counts
        for row, total in enumerate(left):
            axes.annotate(f"{int(total):,}", (total, row), xytext=(4, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(bars)), [name for name, _ in bars], fontsize=8)
        axes.set_ylim(len(bars) - 0.4, -0.6)
        _counted(axes, "rows")
        axes.set_title(title)
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(splits), borderaxespad=0)
        return plots.png(figure)


def _counted(axes: Axes, what: str) -> None:
    """The axis to the right counts something, in whole numbers."""
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.08)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(what)


@cache
def lengths(words: tuple[int, ...]) -> bytes:
    """How many articles have how many words. What is longer than 99 of 100 is in the last bin."""
    longest = max(int(np.percentile(words, 99)), min(words) + 1)
    with plots.style():
        figure = plots.figure(height=2.8)
        axes = figure.add_subplot()
        axes.hist(np.minimum(words, longest), bins=BINS, color=plots.COLOURS[0])
        axes.grid(visible=False, axis="x")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(f"words of an article (longer ones at {longest:,})" if longest < max(words) else "words of an article")
        axes.set_ylabel("articles")
        return plots.png(figure)


@cache
def months(counts: tuple[tuple[str, int], ...]) -> bytes:
    """Articles by the month in which they were published, `YYYY-MM`; months without one between the first and last count 0."""
    numbers = {int(month[:4]) * 12 + int(month[5:7]) - 1: count for month, count in counts}
    span = range(min(numbers), max(numbers) + 1)
    with plots.style():
        figure = plots.figure(height=2.8)
        axes = figure.add_subplot()
        axes.bar(list(span), [numbers.get(month, 0) for month in span], color=plots.COLOURS[0], width=0.9)
        shown = list(span)[:: max(1, len(span) // 10)]
        axes.set_xticks(shown, [f"{month // 12}-{month % 12 + 1:02d}" for month in shown], fontsize=8)
        axes.grid(visible=False, axis="x")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_ylabel("articles a month")
        return plots.png(figure)


@cache
def agreement(alpha: tuple[Point, ...], raw: tuple[Point, ...]) -> bytes:
    """Krippendorff's alpha and raw agreement on each question, with the intervals that are known."""
    with plots.style():
        figure = plots.figure(height=1.4 + 0.5 * len(alpha))
        axes = figure.add_subplot()
        for name, points, shift, colour in (("alpha", alpha, -0.12, 0), ("raw agreement", raw, 0.12, 1)):
            known = [(row + shift, value, between) for row, (_, value, between) in enumerate(points) if value is not None]
            for row, value, between in known:
                axes.hlines(row, *(between or (value, value)), color=plots.COLOURS[colour])
            axes.plot(
                [value for _, value, _ in known],
                [row for row, _, _ in known],
                "o" if colour == 0 else "s",
                color=plots.COLOURS[colour],
                label=name,
            )
        axes.set_yticks(range(len(alpha)), [name for name, _, _ in alpha])
        axes.set_ylim(len(alpha) - 0.5, -0.5)
        axes.set_xlim(min(-0.05, axes.get_xlim()[0]), 1.05)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel("1: everybody agrees; alpha 0: as chance would have it")
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0)
        return plots.png(figure)
