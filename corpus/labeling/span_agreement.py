"""How far annotators mark the same text: mean pairwise character F1 of a span question, with a 95% interval.

Of two people's marked characters A and B it is 2·|A ∩ B| / (|A| + |B|), 0 to 1. A pair of whom neither marked anything is left
out: nothing was there to agree on. The pairs of a unit are averaged, then the units. One person counts once a unit: of several
annotations the latest. Marks on different versions of a text are never compared.
"""

from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from corpus.labeling.measures import Interval, estimates
from corpus.records import Annotation, Item, Span


class SpanAgreement(Struct, frozen=True):
    """Agreement on one span question. `units` are those that two people judged and at least one of them marked."""

    question: str
    units: int
    annotators: int
    f1: float | None
    f1_interval: Interval
    note: str | None


def span_agreement(question: str, annotations: Iterable[Annotation], items: dict[str, Item]) -> SpanAgreement:
    """Measure one span question.

    Args:
        question: its id.
        annotations: submitted ones; those whose item is not in `items` are left out.
        items: by id.
    """
    latest: dict[tuple[str, str], Annotation] = {}
    for annotation in annotations:
        if annotation.item_id in items:
            key = annotation.item_id, annotation.annotator
            latest[key] = max(latest.get(key, annotation), annotation, key=lambda a: (a.updated, a.id))
    units: dict[tuple[str, str], list[list[Span]]] = {}
    people: dict[tuple[str, str], list[str]] = {}
    for (item, person), annotation in sorted(latest.items()):
        unit = item, annotation.sha256
        units.setdefault(unit, []).append([span for span in annotation.spans if span.question == question])
        people.setdefault(unit, []).append(person)
    found = {unit: f1 for unit, marks in units.items() if (f1 := mean_f1(marks)) is not None}
    scores = np.array(list(found.values()))
    value, interval = estimates({"f1": lambda weights: weights @ scores / len(scores)}, len(scores))["f1"]
    return SpanAgreement(
        question=question,
        units=len(found),
        annotators=len({person for unit in found for person in people[unit]}),
        f1=value,
        f1_interval=interval,
        note=None if found else "undefined: nobody marked anything that two people judged",
    )


def mean_f1(marks: list[list[Span]]) -> float | None:
    """Mean F1 of the pairs of people, each with the spans they marked; None if no pair marked anything."""
    edges = sorted({edge for spans in marks for span in spans for edge in (span.start, span.end)})
    if len(marks) < 2 or not edges:
        return None
    lengths = np.diff(edges).astype(float)
    marked = np.array([_pieces(spans, edges) for spans in marks], dtype=float)
    both = (marked * lengths) @ marked.T
    size = both.diagonal()
    either = size[:, None] + size
    pairs = np.triu(either > 0, k=1)
    return float((2 * both[pairs] / either[pairs]).mean()) if pairs.any() else None


def _pieces(spans: list[Span], edges: list[int]) -> NDArray[np.bool_]:
    """Which pieces between neighbouring edges the spans cover; overlapping spans cover a piece once."""
    covered = np.zeros(len(edges) - 1, dtype=np.bool_)
    for span in spans:
        covered[edges.index(span.start) : edges.index(span.end)] = True
    return covered
