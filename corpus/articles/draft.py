"""What a reader makes of one input record (`Draft` or `Fault`), and how a draft becomes an `Article`."""

import hashlib
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct, field

from corpus.articles.address import canonical_url
from corpus.records import Article, Block, Embed, Origin, short_id, text_sha256
from corpus.text import clean, dates
from corpus.text.language import language_of


class Paragraph(Struct, frozen=True, gc=False):
    """One block of an article, cleaned: no line break, not empty."""

    kind: Literal["paragraph", "heading", "quote", "list"]
    text: str


class Post(Struct, frozen=True, gc=False):
    """A pasted post; `before` is the index of the paragraph that follows it."""

    before: int
    text: str
    author: str
    published: str
    url: str | None
    kind: Literal["tweet", "post"] = "tweet"


class Draft(Struct, frozen=True, gc=False):
    """One article as a reader saw it. `identity` is bytes that stay the same when the file is renamed or saved anew.

    `gathered` is when the page was fetched, as printed, if the input says so. `places` says where in the input each field
    stood, and `left` what was seen and not taken, as (why, text): both are for people who ask, see `explain`.
    """

    record: int
    raw: bytes
    identity: bytes
    paragraphs: list[Paragraph]
    title: str | None = None
    url: str | None = None
    number: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    section: str | None = None
    language: str | None = None
    keywords: list[str] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    inside: list["Draft"] = field(default_factory=list)
    gathered: str | None = None
    places: dict[str, str] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)


class Fault(Struct, frozen=True, gc=False):
    """One input record that is no article. `reason` is a word of REASONS in `readers`; `detail` a sentence."""

    record: int
    raw: bytes
    reason: str
    detail: str


def articles_of(
    draft: Draft, file: str, format: str, reader: str, language: str | None, gathered: str | None = None
) -> list[Article]:
    """The article of a draft, then those printed inside it, linked by `parent` and `related`.

    Args:
        draft: what the reader saw; its paragraphs are not empty.
        file: where it was, relative to what the user named.
        format: the input format's name.
        reader: the reader's name and version.
        language: of the corpus, for drafts that do not say and are too short to tell.
        gathered: when the input was gathered, ISO 8601, for drafts that do not say.
    """
    gathered = gathered_on(draft, gathered)
    identity = canonical_url(draft.url) or _numbered(draft) or hashlib.sha256(draft.identity).hexdigest()
    sha256 = hashlib.sha256(draft.raw).hexdigest()  # once: a page may hold a million others, all of the same bytes
    main_id = short_id(identity)
    inner_ids = [short_id(f"{identity}#{n}") for n in range(1, len(draft.inside) + 1)]

    def build(part: Draft, id: str, parent: str | None, related: list[str]) -> Article:
        text, blocks = _join(part.paragraphs)
        origin = Origin(file, format, part.record, sha256, reader)
        return Article(
            id=id,
            url=_printed_url(part.url),
            title=_or_none(part.title),
            text=text,
            source=_or_none(part.source),
            author=_or_none(part.author),
            published=dates.parse(part.published, gathered),
            section=_or_none(part.section),
            keywords=part.keywords,
            language=language_of(text, _or_none(part.language), language),
            parent=parent,
            related=related,
            blocks=blocks,
            embeds=list(_embeds(part.posts, blocks, len(text), gathered)),
            sha256=text_sha256(text),
            origin=origin,
        )

    inner = [build(part, id, main_id, []) for part, id in zip(draft.inside, inner_ids, strict=True)]
    return [build(draft, main_id, None, inner_ids), *inner]


def _numbered(draft: Draft) -> str | None:
    """The outlet and its number for the article: two outlets may count from 1 alike."""
    return draft.number and f"{_or_none(draft.source) or ''}\0{draft.number}"


def gathered_on(draft: Draft, default: str | None) -> str | None:
    """When a page was fetched, ISO 8601 to the day or finer: as the input says, else `default`."""
    said = dates.parse(draft.gathered)
    return said if said and len(said) >= len("2024-11-06") else default


def _join(paragraphs: list[Paragraph]) -> tuple[str, list[Block]]:
    blocks, start = [], 0
    for paragraph in paragraphs:
        end = start + len(paragraph.text)
        blocks.append(Block(paragraph.kind, start, end))
        start = end + 1
    return "\n".join(paragraph.text for paragraph in paragraphs), blocks


def _embeds(posts: list[Post], blocks: list[Block], length: int, gathered: str | None) -> Iterator[Embed]:
    for post in posts:
        at = blocks[post.before].start if post.before < len(blocks) else length
        when = dates.parse(post.published, gathered)
        yield Embed(post.kind, post.text, post.author or None, when, _printed_url(post.url), at)


def _printed_url(url: str | None) -> str | None:
    """A web address as it was printed; None if it is something else, such as a script."""
    return clean.line(url) if url and canonical_url(url) else None


def _or_none(text: str | None) -> str | None:
    return (clean.line(text) or None) if text else None
