"""Small corpora for the tests of labeling: articles and items written straight into the folder."""

from pathlib import Path

from corpus import store, workspace
from corpus.records import Annotation, AnnotationOrigin, Article, Block, Item, Origin, short_id, text_sha256
from corpus.workspace import Workspace

# Emoji outside the Basic Multilingual Plane, a ZWJ family and diacritics stand before the words that are marked.
TEXT = "قالَ 🙂 المُتحدّثُ 👨‍👩‍👧 إنَّ مجانية النقل جيّدة\nوانتهى الخبر 🚌 هنا."
TARGETS = """\
- {id: transit, kind: policy, names: {ar: قانون النقل <b>&, en: Transit Act}, phrases: [مجانية النقل]}
- {id: festival, kind: event, names: {ar: مهرجان القوارب, en: Boat Festival}, phrases: [مهرجان القوارب]}
"""


def article(number: int, text: str = TEXT, title: str | None = "عنوان") -> Article:
    id_ = short_id("article", str(number))
    return Article(
        id=id_,
        url=f"https://example.org/{number}",
        title=title,
        text=text,
        source="المنارة",
        author=None,
        published="2024-11-06",
        section=None,
        keywords=[],
        language="ar",
        parent=None,
        related=[],
        blocks=[Block("paragraph", 0, len(text))],
        embeds=[],
        sha256=text_sha256(text),
        origin=Origin("page.txt", "portal", 1, "0" * 64, "portal"),
    )


def item(of: Article, target: str | None, codebook: str = "news-stance@1.0.0") -> Item:
    return Item(short_id(of.id, target or "", codebook), of.id, of.sha256, target, codebook)


def annotation(
    of: Item,
    annotator: str,
    answers: dict[str, str | list[str]],
    *,
    status: str = "submitted",
    updated: str = "2025-01-02T03:04:05.678900Z",
    id_: str = "",
) -> Annotation:
    return Annotation(
        id=id_ or short_id(of.id, annotator, updated),
        item_id=of.id,
        annotator=annotator,
        status=status,
        answers=answers,
        spans=[],
        comment=None,
        seconds=1.5,
        created="2025-01-01T00:00:00.000001Z",
        updated=updated,
        codebook=of.codebook,
        sha256=of.sha256,
        origin=AnnotationOrigin("http://127.0.0.1:1", 1, 2, 3),
    )


def small(folder: Path, name: str, articles: int = 3, settings: str = "") -> Workspace:
    """A corpus of a few articles, each an item about `transit`; `settings` replaces the url line of warraq.toml."""
    workspace.create(folder, name)
    config = folder / "warraq.toml"
    if settings:
        config.write_text(config.read_text("utf-8").replace('url = ""', settings), "utf-8")
    (folder / "targets.yaml").write_text(TARGETS, "utf-8")
    space = workspace.find(folder)
    made = sorted((article(number) for number in range(articles)), key=lambda a: a.id)
    store.write(space.articles, made)
    store.write(space.items, [item(a, "transit") for a in made])
    return space
