"""The certificate of a split, reports/split.json and reports/split.html: what is on each side, and how close the sides come.

Reads articles.jsonl and, if it is there, gold.jsonl. The page needs no network, no script and no second file.
"""

from collections import Counter
from pathlib import Path

from msgspec import Struct

from corpus import page, store
from corpus.curate.groups import SIDES
from corpus.progress import Progress, quiet
from corpus.records import Article, Gold, Split
from corpus.text.borders import CONTAINED, LEAK, STEPS, Border, Pair, Sides
from corpus.workspace import SplitPolicy, Workspace

TIED = "(tied)"
SHOWN = 20
"""Leaks on the page, for each border; split.json has all."""


class Facts(Struct, frozen=True):
    """What the step says of a split: the policy's border days and counts, the links that made the groups, what was moved."""

    detail: dict[str, int | str]
    joined: dict[str, int]
    frozen: bool
    moved: dict[str, int]


class Certificate(Struct, frozen=True):
    """A split, counted. `labels` is question → label → split → gold answers; a tied answer is counted as `(tied)`.

    `unevenness` is question → the largest difference between a label's share of one side and its share of all, 0..1.
    `labels_missing` is "question=label" → the sides, of those with articles, that have no gold answer with it.
    """

    policy: SplitPolicy
    facts: Facts
    articles: dict[str, int]
    groups: dict[str, int]
    labels: dict[str, dict[str, dict[str, int]]]
    unevenness: dict[str, float]
    labels_missing: dict[str, list[str]]
    borders: list[Border]

    @property
    def leaks(self) -> list[Border]:
        """The borders across which a text is seen on both sides."""
        return [border for border in self.borders if border.leaks]


def certify(workspace: Workspace, rows: list[Split], facts: Facts, progress: Progress = quiet) -> Certificate:
    """Count and compare the sides of `rows`, and write both reports. Memory: as `borders` says."""
    side = {row.article_id: row.split for row in rows}
    workspace.state.mkdir(mode=0o700, exist_ok=True)
    with Sides(SIDES, workspace.state) as sides:
        for number, article in enumerate(store.read(workspace.articles, Article), 1):
            sides.add(side[article.id], article.id, article.text)
            progress(number, len(rows))
        borders = sides.borders()
    labels, articles = _labels(workspace, dict(side)), _count([row.split for row in rows])
    present = [name for name in SIDES if articles[name]]
    certificate = Certificate(
        policy=workspace.config.split,
        facts=facts,
        articles=articles,
        groups=_count([row.split for row in {row.group: row for row in rows}.values()]),
        labels=labels,
        unevenness={question: _unevenness(counts) for question, counts in labels.items()},
        labels_missing={
            f"{question}={label}": lacking
            for question, counts in labels.items()
            for label, of in counts.items()
            if label != TIED and (lacking := [name for name in present if not of[name]])
        },
        borders=borders,
    )
    store.write_json(workspace.reports / "split.json", certificate)
    store.write_bytes(workspace.reports / "split.html", html(workspace, certificate).encode())
    return certificate


def html(workspace: Workspace, certificate: Certificate) -> str:
    """The certificate as one HTML page. Every text of the corpus is escaped and kept in its own direction."""
    shown = [_shown(border) for border in certificate.borders]
    wanted = {id for pairs in shown for pair in pairs for id in (pair.first, pair.second)}
    return page.render(
        Path(__file__).with_name("certificate.html"),
        corpus=workspace.config.name,
        certificate=certificate,
        sides=SIDES,
        names=_names(workspace) if certificate.labels else {},
        articles={a.id: a for a in store.read(workspace.articles, Article) if a.id in wanted},
        leak=LEAK,
        contained=CONTAINED,
        steps=STEPS,
        borders=list(zip(certificate.borders, shown, strict=True)),
    )


def _shown(border: Border) -> list[Pair]:
    """The pairs of a border that the page shows: the closest leaks, or else the closest pair and that of the largest part."""
    return border.leaks[:SHOWN] or list(dict.fromkeys(pair for pair in (border.closest, border.largest_part) if pair))


def _names(workspace: Workspace) -> dict[str, dict[str, dict[str, str]]]:
    """Question → label → names by language, of the codebook."""
    return {q.id: {choice.value: choice.name for choice in q.choices} for q in workspace.codebook().questions}


def _count(splits: list[str]) -> dict[str, int]:
    counts = Counter(splits)
    return {side: counts[side] for side in SIDES}


def _labels(workspace: Workspace, side: dict[str, str]) -> dict[str, dict[str, dict[str, int]]]:
    """Gold answers by question, label and split; a multiple choice counts once for each of its labels."""
    found: dict[str, dict[str, list[str]]] = {}
    for gold in store.read_if_any(workspace.gold, Gold):
        values = gold.value if isinstance(gold.value, list) else [gold.value or TIED]
        for value in values if gold.article_id in side else []:
            found.setdefault(gold.question, {}).setdefault(value, []).append(side[gold.article_id])
    return {q: {label: _count(labels[label]) for label in sorted(labels)} for q, labels in sorted(found.items())}


def _unevenness(counts: dict[str, dict[str, int]]) -> float:
    """The largest difference between a label's share of a side's answers and its share of all; ties are left out."""
    settled = [of for label, of in counts.items() if label != TIED]
    totals = {side: sum(of[side] for of in settled) for side in SIDES}
    everything = sum(totals.values())
    return max(
        (abs(of[side] / totals[side] - sum(of.values()) / everything) for of in settled for side in SIDES if totals[side]),
        default=0.0,
    )
