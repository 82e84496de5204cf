"""What changed from one release to another: rows, labels, texts, splits; and what must not change.

Reads two release folders. Holds about 300 bytes for each row that has a label, and 200 for each article.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from corpus.codebook import Question
from corpus.errors import CheckError
from corpus.release.layout import features
from corpus.release.layout.opened import Opened

Moved = tuple[str, str | None, str | None]
Row = dict[str, Any]


class Changes(Struct, frozen=True):
    """One config: keys of rows added and removed; of those in both, (key, old label, new label) where it changed."""

    added: list[str]
    removed: list[str]
    relabelled: list[tuple[str, str, str]]


class Label(Struct, frozen=True):
    """A label whose integer moved; null where the release does not have the label."""

    question: str
    label: str
    old: int | None
    new: int | None


class DiffReport(Struct, frozen=True):
    """The versions, the changes by config, ids of articles whose text changed, and (id, old split, new split).

    The forms are those of the texts: full, masked, withheld, rehydrated; hashes are compared whatever the forms.

    `refused` has a sentence for each thing that must not be: none is good.
    """

    old: str
    new: str
    old_form: str
    new_form: str
    configs: dict[str, Changes]
    text_changed: list[str]
    labels_moved: list[Label]
    articles_moved: list[Moved]
    items_moved: list[Moved]
    refused: list[str]


def diff(old: Path, new: Path) -> DiffReport:
    """Compare two releases. They may be in two forms: hashes of texts are compared, not texts.

    Raises:
        CorpusError: a folder holds no release.
    """
    before, after = Opened(old), Opened(new)
    texts = [_column(release, "articles", "sha256") for release in (before, after)]
    articles = _moved(before, after, "articles")
    return DiffReport(
        old=before.manifest.corpus.version,
        new=after.manifest.corpus.version,
        old_form=_form(before),
        new_form=_form(after),
        configs={config: _changes(before, after, config) for config in _configs(before, after)},
        text_changed=[key for key, sha256 in texts[0].items() if texts[1].get(key, sha256) != sha256],
        labels_moved=list(_labels(before, after)),
        articles_moved=articles,
        items_moved=_moved(before, after, "items"),
        refused=_refused(before, after, articles),
    )


def _form(release: Opened) -> str:
    return "masked" if release.manifest.masked else release.manifest.text


def check(old: Path, new: Path) -> None:
    """See that a release may take the place of another; the same content may, in whatever form.

    Raises:
        CheckError: it moves an article from test to train, or has the version of another content.
    """
    before, after = Opened(old), Opened(new)
    if refused := _refused(before, after, _moved(before, after, "articles") if _differ(before, after) else []):
        raise CheckError(
            f"{old} cannot be replaced: {'; '.join(refused)}",
            "raise `version` in warraq.toml for new content; keep test articles in test (restore splits.jsonl), or move the "
            "old release away if nobody has it",
        )


def _refused(before: Opened, after: Opened, articles: list[Moved]) -> list[str]:
    refused = []
    version = after.manifest.corpus.version
    if version == before.manifest.corpus.version and _differ(before, after):
        refused.append(f"version {version} stands for other content already")
    if leaked := [key for key, old, new in articles if (old, new) == ("test", "train")]:
        refused.append(f"{len(leaked)} articles move from test to train: {', '.join(leaked[:5])}")
    return refused


def _differ(before: Opened, after: Opened) -> bool:
    """Whether two releases hold other rows or labels, whatever their form; a masked one is other content."""
    if before.manifest.content != after.manifest.content:
        return True
    return {q.id: _codes(q) for q in before.book.labelled} != {q.id: _codes(q) for q in after.book.labelled}


def _configs(before: Opened, after: Opened) -> list[str]:
    return list(dict.fromkeys([*before.manifest.configs, *after.manifest.configs]))


def _changes(before: Opened, after: Opened, config: str) -> Changes:
    old, new = _named(before, config), _named(after, config)
    return Changes(
        added=sorted(new.keys() - old.keys()),
        removed=sorted(old.keys() - new.keys()),
        relabelled=[(key, old[key], new[key]) for key in sorted(old.keys() & new.keys()) if old[key] != new[key]],
    )


def _named(release: Opened, config: str) -> dict[str, str]:
    """The label of each row by name, so that a moved integer is not taken for another label; of an annotation, all."""
    asked = {q.id: q for q in features.columns(release.book) if q.type != "text"}
    columns = {features.label_column(asked[config]): asked[config]} if config in asked else {}
    if config == "annotations":
        columns = asked
    return {_key(config, row): _shown(row, columns) for _, row in _rows(release, config, list(columns))}


def _rows(release: Opened, config: str, columns: list[str]) -> Iterator[tuple[str, Row]]:
    if config not in release.configs:
        return iter(())
    return release.rows(config, ["annotation_id", "item_id", "article_id", *columns])


def _key(config: str, row: Row) -> str:
    names = {"annotations": "annotation_id", "articles": "article_id"}
    key: str = row[names.get(config, "item_id" if "item_id" in row else "article_id")]
    return key


def _shown(row: Row, columns: dict[str, Question]) -> str:
    shown = []
    for column, question in columns.items():
        names = {code: value for value, code in _codes(question).items()}
        codes = row[column] if isinstance(row[column], list) else [row[column]]
        said = "+".join(names.get(code, str(code)) for code in codes if code is not None) or "none"
        shown.append(said if len(columns) == 1 else f"{question.id} {said}")
    return ", ".join(shown)


def _codes(question: Question) -> dict[str, int]:
    return {choice.value: choice.code for choice in question.choices}


def _labels(before: Opened, after: Opened) -> Iterator[Label]:
    new = {question.id: _codes(question) for question in after.book.labelled}
    for question in before.book.labelled:
        if question.id in new:
            for label, code in _codes(question).items():
                if new[question.id].get(label) != code:
                    yield Label(question.id, label, code, new[question.id].get(label))


def _column(release: Opened, config: str, column: str) -> dict[str, str | None]:
    return {_key(config, row): row[column] for _, row in _rows(release, config, [column])}


def _moved(before: Opened, after: Opened, config: str) -> list[Moved]:
    """What is in both releases and in another split now."""
    old, new = _column(before, config, "split"), _column(after, config, "split")
    return [(key, split, new[key]) for key, split in old.items() if key in new and new[key] != split]
