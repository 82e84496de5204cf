"""The certificate of a split, reports/split.json and reports/split.html: what is on each side, and how close the sides come.

Reads articles.jsonl and, if it is there, gold.jsonl. The page needs no network, no script and no second file.
"""

from collections import Counter
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from corpus import store
from corpus.curate.borders import LEAK, STEPS, Border, Sides
from corpus.progress import Progress, quiet
from corpus.records import Article, Gold, Split
from corpus.workspace import SplitPolicy, Workspace

SIDES = ["train", "validation", "test"]
SHOWN = 20
"""Leaks on the page, for each border; split.json has all."""


class Certificate(Struct, frozen=True):
    """A split, counted. `labels` is question → label → split → gold answers; a tied answer is counted as `(tied)`.

    `detail` has what the policy says of itself: border days, articles without a date, articles that are held out.
    """

    policy: SplitPolicy
    detail: dict[str, int | str]
    articles: dict[str, int]
    groups: dict[str, int]
    labels: dict[str, dict[str, dict[str, int]]]
    borders: list[Border]

    @property
    def leaks(self) -> list[Border]:
        """The borders across which a text is seen on both sides."""
        return [border for border in self.borders if border.leaks]


def certify(workspace: Workspace, rows: list[Split], detail: dict[str, int | str], progress: Progress = quiet) -> Certificate:
    """Count and compare the sides of `rows`, and write both reports. Memory: as `borders` says."""
    side = {row.article_id: row.split for row in rows}
    sides = Sides(SIDES)
    for number, article in enumerate(store.read(workspace.articles, Article), 1):
        sides.add(side[article.id], article.id, article.text)
        progress(number, len(rows))
    certificate = Certificate(
        policy=workspace.config.split,
        detail=detail,
        articles=_count([row.split for row in rows]),
        groups=_count([row.split for row in {row.group: row for row in rows}.values()]),
        labels=_labels(workspace, dict(side)),
        borders=sides.borders(),
    )
    store.write_json(workspace.reports / "split.json", certificate)
    store.write_bytes(workspace.reports / "split.html", html(workspace, certificate).encode())
    return certificate


def html(workspace: Workspace, certificate: Certificate) -> str:
    """The certificate as one HTML page. Every text of the corpus is escaped and kept in its own direction."""
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pairs = [p for b in certificate.borders for p in [*b.leaks[:SHOWN], b.closest] if p]
    wanted = {id for pair in pairs for id in (pair.first, pair.second)}
    return pages.get_template("certificate.html").render(
        corpus=workspace.config.name,
        certificate=certificate,
        sides=SIDES,
        names=_names(workspace) if certificate.labels else {},
        articles={a.id: a for a in store.read(workspace.articles, Article) if a.id in wanted},
        leak=LEAK,
        steps=STEPS,
        shown=SHOWN,
    )


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
        values = gold.value if isinstance(gold.value, list) else [gold.value or "(tied)"]
        for value in values if gold.article_id in side else []:
            found.setdefault(gold.question, {}).setdefault(value, []).append(side[gold.article_id])
    return {q: {label: _count(labels[label]) for label in sorted(labels)} for q, labels in sorted(found.items())}
