"""An HTML page → a flat list of text blocks, each in a tree of boxes. Nothing is fetched, no script runs.

A block is a run of text that no block element interrupts; a box is a block element. Walked without recursion, since pages may
be deep.
"""

import functools
import re
from dataclasses import dataclass, field
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.articles.draft import Post
from corpus.articles.html_posts import is_post, post_of
from corpus.text import clean

Kind = Literal["paragraph", "heading", "quote", "list"]

_NAME = re.compile(r"\w+")
SKIPPED = frozenset(
    _NAME.findall(
        "script style noscript template svg math iframe object canvas audio video picture img button select textarea "
        "input head label"
    )
)
"""Elements without text of the page."""
INLINE = frozenset(
    _NAME.findall(
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rb rt ruby s samp small span "
        "strike strong sub sup time tt u var wbr"
    )
)
"""Elements that do not end a paragraph."""
BESIDE = frozenset(_NAME.findall("nav footer aside figure figcaption dialog menu"))
"""Elements that HTML keeps for what is beside the main text."""
ROLES = frozenset(
    _NAME.findall("navigation complementary contentinfo banner search dialog menu menubar alert toolbar tooltip tablist")
)
NAMES = frozenset(
    _NAME.findall(
        "ad ads advert advertisement advertising also author banner breadcrumb breadcrumbs byline caption comment comments "
        "commentlist cookie copyright credit credits dateline disclaimer disqus footer footnote gallery gdpr hidden hide "
        "login menu meta modal more nav navigation newsletter next outbrain pager pagination paywall popular popup prev "
        "print promo promos rating readmore recirc recommend recommended recommendations related search share "
        "sharing sidebar signup skip slideshow social sponsor sponsored subscribe subscription taboola tag tags teaser "
        "timestamp toolbar trending widget"
    )
)
"""Words of class and id by which sites name what is beside the main text."""
COMMENTS = frozenset(["comments", "comments-area", "comment-list", "commentlist", "disqus_thread"])
"""Classes and ids of what holds the readers' comments, however much longer than the article they are."""
INLINE_LENGTH = 200
"""An inline element of such a name is left out if it has fewer characters: a longer one wraps the text itself."""
MAX_TITLE = 1000
"""Headings are compared with so many characters of a title."""

_HEADING = re.compile("h[1-6]")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NOT_LETTERS = re.compile(r"[\W_]+")
_EVERYWHERE = re.compile("label-hidden|elementor-widget")
"""Drupal and Elementor name any field and any box so."""
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


@dataclass(slots=True)
class Box:
    """A block element: the number of its parent's box, and whether it is beside the text, surely or by its name only."""

    parent: int
    tag: str
    beside: bool = False
    maybe: bool = False


@dataclass(slots=True)
class Block:
    """A cleaned run of text; `linked` of its characters are in links. A pasted post is a block without text."""

    box: int
    kind: Kind
    text: str
    linked: int
    post: Post | None = None


@dataclass
class Page:
    """What is on a page, in the order of the page. A box comes before those inside it; box 0 is the body.

    `times` are the moments that `time` elements state, and `asides` the texts of short inline elements that are beside the
    text; each with the number of the block that it is in or before.
    """

    blocks: list[Block] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=lambda: [Box(-1, "body")])
    times: list[tuple[int, str]] = field(default_factory=list)
    asides: list[tuple[int, str]] = field(default_factory=list)


def wanted_of(title: str | None) -> str:
    """The letters of a title, as `in_title` asks for them."""
    return letters((title or "")[:MAX_TITLE])


def in_title(block: Block, wanted: str) -> bool:
    """Whether a heading is the page's title or a part of it; `wanted` are the title's letters."""
    return block.kind == "heading" and len(block.text) > 15 and letters(block.text) in wanted


def letters(text: str) -> str:
    """The letters and digits of a text, for comparing."""
    return _NOT_LETTERS.sub("", text.casefold())


def page_of(tree: LexborHTMLParser) -> Page:
    """The blocks and boxes of a parsed page."""
    walk = _Walk()
    node = tree.body.first_child if tree.body else None
    above: list[tuple[LexborNode, int, Kind, bool]] = []
    while node is not None or above:
        if node is None:
            node, box, kind, linked = above.pop()
            if node.tag not in INLINE:
                walk.flush()
            walk.box, walk.kind, walk.linked = box, kind, linked
            node = node.next
        elif node.tag == "-text":
            walk.add(node.text_content or "")
            node = node.next
        else:
            state = (node, walk.box, walk.kind, walk.linked)
            inner = node.first_child if walk.enter(node) else None
            if inner is not None:
                above.append(state)
                node = inner
            else:
                _, walk.box, walk.kind, walk.linked = state
                node = node.next
    walk.flush()
    return walk.page


class _Walk:
    """Where a walk through a page stands: the open box, its kind of text, and the text that no block has yet."""

    def __init__(self) -> None:
        self.page = Page()
        self.box = 0
        self.kind: Kind = "paragraph"
        self.linked = False
        self._pieces: list[str] = []
        self._in_links = 0
        self._text_kind: Kind = "paragraph"

    def add(self, text: str) -> None:
        """Take in one text node."""
        if not self._pieces:
            self._text_kind = self.kind
        self._pieces.append(text)
        if self.linked:
            self._in_links += len(text.strip())

    def flush(self) -> None:
        """End the block."""
        if not self._pieces:
            return
        if text := clean.line("".join(self._pieces)):
            self.page.blocks.append(Block(self.box, self._text_kind, text, min(self._in_links, len(text))))
        self._pieces, self._in_links = [], 0

    def enter(self, node: LexborNode) -> bool:
        """Open an element; False if what is in it is not to be walked."""
        tag = node.tag or ""
        if tag == "br":
            self.flush()
        if tag in SKIPPED or tag.startswith("-"):
            return False
        attributes = node.attributes
        if tag == "time" and (moment := attributes.get("datetime")):
            self.page.times.append((len(self.page.blocks), moment))
        is_heading = _HEADING.fullmatch(tag) is not None
        maybe = bool(attributes) and _is_maybe_beside(attributes, is_heading)
        if tag in INLINE:
            self.linked = self.linked or tag == "a"
            return not (maybe and tag != "a" and self._skip(node))
        self.flush()
        if tag == "blockquote" and is_post(attributes):
            self.page.blocks.append(Block(self.box, "quote", "", 0, post_of(node)))
            return False
        beside = tag in BESIDE or (maybe and _holds_comments(attributes))
        self.page.boxes.append(Box(self.box, tag, beside, (maybe and tag not in ("article", "main")) or tag == "form"))
        self.box = len(self.page.boxes) - 1
        if is_heading:
            self.kind = "heading"
        elif tag == "blockquote":
            self.kind = "quote"
        elif tag == "li" and self.kind == "paragraph":
            self.kind = "list"
        return True

    def _skip(self, node: LexborNode) -> bool:
        """Whether an inline element that is named as beside the text is short; if so, it is noted."""
        text = node.text()
        if len(text) < INLINE_LENGTH:
            number = len(self.page.blocks)
            self.page.times += [(number, time.attributes["datetime"] or "") for time in node.css("time[datetime]")]
            self.page.asides += [(number, cleaned)] if (cleaned := clean.line(text)) else []
            return True
        return False


def _is_maybe_beside(attributes: dict[str, str | None], is_heading: bool) -> bool:
    """Whether its attributes say that an element is beside the text. A heading's id is often made of its words."""
    name = attributes.get("class") or ""
    if "hentry" in name:  # WordPress: an article, with the names of its tags behind `tag-`
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or attributes.get("role") in ROLES:
        return True
    if (style := attributes.get("style")) and _INVISIBLE.search(style):
        return True
    return _is_name_beside(name) or (not is_heading and _is_name_beside(attributes.get("id") or ""))


def _holds_comments(attributes: dict[str, str | None]) -> bool:
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return not COMMENTS.isdisjoint(names.lower().split())


@functools.lru_cache(4096)
def _is_name_beside(name: str) -> bool:
    return not NAMES.isdisjoint(word.lower() for word in _WORDS.findall(_EVERYWHERE.sub("", name)))
