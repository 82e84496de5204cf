"""The article's own text among the blocks of a page.

The measure is the readability family's: text outside of links scores for the element it stands in, and less for each element
further out; the element with the highest score holds the article. See docs/decisions/0017-html.md.
"""

from dataclasses import dataclass

from msgspec.structs import replace

from corpus.articles.draft import Paragraph, Post
from corpus.articles.html_blocks import Block, Page, in_title, letters, wanted_of
from corpus.articles.html_shown import FAR, is_day_or_byline

LONG = 50
"""A block of so many characters counts as running text."""
DECAY = 0.85
"""What a box hands on of its score to the box around it."""
SHARE = 0.5
"""What is named as beside the text is the text after all, if it holds so large a share of the page's running text."""
LINKED = 0.5
"""A block or list with a larger share of its characters in links is a list of links."""
AFTER = 0.3
"""The headline begins the article if so large a share of the running text follows it."""
FEW = 0.05
"""If what names leave has a smaller share of the page's running text, the names are not believed."""
ARTICLES = 0.8
"""A box with so large a share of its text in several `article` elements holds several articles."""

_LEAVES = frozenset(["p", "li", "dd", "td", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"])


@dataclass(frozen=True)
class Body:
    """The article's paragraphs, the posts pasted into it, and the other texts of the page with why they are not its.

    `first` is the number of the page's block with which its running text begins.
    """

    paragraphs: list[Paragraph]
    posts: list[Post]
    left: list[tuple[str, str]]
    first: int


def body_of(page: Page, title: str | None) -> Body:
    """The article of a page; empty if the page has no running text."""
    why = _why_not(page, title)
    first = next((number for number, block in enumerate(page.blocks) if not why[number] and _running(block)), 0)
    for number in range(max(0, first - FAR), first):
        if not why[number] and is_day_or_byline(page.blocks[number].text):
            why[number] = "the day or the byline"
    paragraphs: list[Paragraph] = []
    posts: list[tuple[int, Post]] = []
    left = []
    for block, reason in zip(page.blocks, why, strict=True):
        if reason:
            left.append((reason, block.text or (block.post.text if block.post else "")))
        elif block.post:
            posts.append((len(paragraphs), block.post))
        else:
            paragraphs.append(Paragraph(block.kind, block.text))
    while paragraphs and paragraphs[-1].kind == "heading":  # of something that was left out
        left.append(("a heading with nothing below it", paragraphs.pop().text))
    left += [("an inline element named as beside the text", text) for _, text in page.asides]
    placed = [replace(post, before=min(at, len(paragraphs))) for at, post in posts]
    return Body(paragraphs, placed, left, first)


def _why_not(page: Page, title: str | None) -> list[str]:
    """For each block why it is not the article's; empty if it is."""
    running = [_running(block) for block in page.blocks]
    totals = _totals(page, running)
    beside = _beside(page, totals)
    if sum(length for block, length in zip(page.blocks, running, strict=True) if not beside[block.box]) <= FEW * totals[0]:
        beside = _beside(page, totals, by_name=False)
    scores = [0.0] * len(page.boxes)
    for block, length in zip(page.blocks, running, strict=True):
        scores[block.box] += 0 if beside[block.box] else length
    for number in range(len(scores) - 1, 0, -1):
        box = page.boxes[number]
        scores[box.parent] += scores[number] * (1 if box.tag in _LEAVES else DECAY)
        if box.tag in _LEAVES:
            scores[number] = 0
    best = max(range(len(scores)), key=lambda number: (scores[number], number))
    if not scores[best]:
        return ["the page has no running text"] * len(page.blocks)
    best = _first_article(page, best, totals, beside)
    inside = _inside(page, {best})
    chosen = [
        number for number, block in enumerate(page.blocks) if inside[block.box] and (block.post or not beside[block.box])
    ]
    below = set(_after_headline(page, chosen, running, title))
    link_lists = _link_lists(page)
    why = []
    for number, block in enumerate(page.blocks):
        if number in below:
            why.append(_why_not_inside(block, page.boxes[block.box].tag, link_lists[block.box]))
        elif not inside[block.box]:
            why.append("outside the element that holds the article")
        else:
            why.append("beside the text, by its element or its name" if beside[block.box] else "the headline, or above it")
    return why


def _why_not_inside(block: Block, tag: str, link_list: bool) -> str:
    links = link_list if block.kind == "list" else block.linked > LINKED * len(block.text)
    if block.post or not (links or tag == "h1"):
        return ""
    return "mostly links" if links else "the headline"


def _running(block: Block) -> int:
    """How many characters of running text a block has."""
    length = len(block.text)
    is_text = block.kind != "heading" and length >= LONG and block.linked <= LINKED * length
    return length - block.linked if is_text else 0


def _totals(page: Page, amounts: list[int]) -> list[int]:
    """The sum of the blocks' amounts in each box and the boxes inside it."""
    totals = [0] * len(page.boxes)
    for block, amount in zip(page.blocks, amounts, strict=True):
        totals[block.box] += amount
    for number in range(len(totals) - 1, 0, -1):
        totals[page.boxes[number].parent] += totals[number]
    return totals


def _beside(page: Page, totals: list[int], by_name: bool = True) -> list[bool]:
    """Whether each box is beside the main text, or in one that is."""
    beside: list[bool] = []
    for box, total in zip(page.boxes, totals, strict=True):
        own = box.beside or (by_name and box.maybe and total < SHARE * totals[0])
        beside.append(own or (box.parent >= 0 and beside[box.parent]))
    return beside


def _inside(page: Page, roots: set[int]) -> list[bool]:
    inside: list[bool] = []
    for number, box in enumerate(page.boxes):
        inside.append(number in roots or (box.parent >= 0 and inside[box.parent]))
    return inside


def _first_article(page: Page, best: int, totals: list[int], beside: list[bool]) -> int:
    """The first `article` element with running text, if the box is a row of them: a page that goes on with other articles."""
    inside = _inside(page, {best})
    marked = {n for n, box in enumerate(page.boxes) if box.tag == "article" and n != best and inside[n] and not beside[n]}
    within = _inside(page, marked)
    outer = [number for number in sorted(marked) if not within[page.boxes[number].parent] and totals[number] >= 4 * LONG]
    several = len(outer) > 1 and sum(totals[number] for number in outer) > ARTICLES * totals[best]
    return outer[0] if several else best


def _after_headline(page: Page, chosen: list[int], running: list[int], title: str | None) -> list[int]:
    """What follows the headline, where it stands above most of the chosen text."""
    wanted = wanted_of(title)
    for place, number in enumerate(chosen):
        block = page.blocks[number]
        in_paragraph = wanted and letters(block.text) == wanted  # as old pages print the headline
        if in_title(block, wanted) or in_paragraph:
            after = sum(running[n] for n in chosen[place:])
            return chosen[place + 1 :] if after > AFTER * sum(running[n] for n in chosen) else chosen
    return chosen


def _link_lists(page: Page) -> list[bool]:
    """For each box, whether it is in a list that is mostly links. A list is judged as a whole."""
    lengths = _totals(page, [len(block.text) for block in page.blocks])
    linked = _totals(page, [block.linked for block in page.blocks])
    found: list[bool] = []
    for number, box in enumerate(page.boxes):
        is_list = box.tag in ("ul", "ol") or box.parent < 0
        found.append(linked[number] > LINKED * lengths[number] if is_list else found[box.parent])
    return found
