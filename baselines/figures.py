"""The plots of the report: learning curve and reliability, as PNG. No files."""

from itertools import groupby

from baselines.results import Audit, Bin
from corpus import plots


def curve(audit: Audit) -> bytes | None:
    """Macro-F1 on test by rows of train, with intervals; None where fewer than two points are defined."""
    points = [(of.rows, of.macro_f1, of.interval) for of in audit.curve if of.macro_f1 is not None]
    if len(points) < 2:
        return None
    with plots.style():
        figure = plots.figure(height=3.2, width=4.6)
        axes = figure.add_subplot()
        rows, scores = [point[0] for point in points], [point[1] for point in points]
        known = [(at, interval) for at, _, interval in points if interval is not None]
        lows, highs = [interval[0] for _, interval in known], [interval[1] for _, interval in known]
        axes.fill_between([at for at, _ in known], lows, highs, color=plots.COLOURS[0], alpha=0.18, linewidth=0)
        axes.plot(rows, scores, marker="o", color=plots.COLOURS[0])
        axes.set(xlim=(0, None), ylim=(0, 1), xlabel="rows of train", ylabel="macro-F1 on test", title="Learning curve")
        return plots.png(figure)


def reliability(audit: Audit) -> list[bytes]:
    """The share that is right by probability, a plot for each of several labels; the larger a point, the more rows."""
    return [_reliability(list(of)) for _, of in groupby(audit.reliability, key=lambda of: of.label)]


def _reliability(bins: list[Bin]) -> bytes:
    most, label = max(of.rows for of in bins), bins[0].label
    with plots.style():
        figure = plots.figure(height=3.2, width=4.6)
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color=plots.COLOURS[5], linestyle="--", linewidth=1, label="well calibrated")
        x, y = [of.confidence for of in bins], [of.right for of in bins]
        axes.scatter(x, y, s=[30 + 150 * of.rows / most for of in bins], color=plots.COLOURS[0], zorder=3)
        for of in bins:
            axes.annotate(str(of.rows), (of.confidence, of.right), (9, -11), textcoords="offset points", fontsize=8)
        shares, of_label = ("share right", "") if label is None else ("share that has it", f": {label}")
        axes.set(xlim=(0, 1.02), ylim=(-0.04, 1.04), xlabel="probability given", ylabel=shares)
        axes.set_title(f"Reliability on test{of_label}")
        axes.legend(loc="upper left")
        return plots.png(figure)
