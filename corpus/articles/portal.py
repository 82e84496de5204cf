"""Portal pages saved as text: a title, a date line, paragraphs, source, keywords, and articles printed inside.

TITLE
تاريخ النشر: 6th, November 2024 GMT
paragraphs, with short headings between them
المصدر: OUTLET
كلمات دلالية: one line of site sections and keywords
إقرأ أيضاً:
TITLE of another article, its paragraphs, and so on
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.articles.draft import Draft, Fault, Paragraph, Post
from corpus.text import clean, mojibake
from corpus.text.fold import fold, ordinary_letters

VERSION = 1
MAX_PAGE = 16 * 2**20
DATE, SOURCE, KEYWORDS = "تاريخ النشر:", "المصدر:", "كلمات دلالية:"
_PLACES = {"title": "the first line", "published": DATE, "source": SOURCE, "keywords": KEYWORDS}
_ALSO = re.compile(fold("اقرأ أيضا") + r"\s*:?")
_MORE_IN = "المزيد في"
_POST = re.compile(r"— (?P<name>.+?) \((?P<handle>@\w{1,30})\) (?P<date>[A-Z][a-z]+ \d{1,2}, \d{4})(?P<rest>.*)")
_LINK = re.compile(r"https?://\S+$")
_SENTENCE_END = re.compile(r"(?<!\W)(?:(?![.؟?!:…،؛])\W)*+[.؟?!:…،؛]\W*$")
"""Of what is no letter at the end of a text, something ends a sentence."""
HEADING_WORDS = 6
"""A heading has at most so many words, and no sentence's end."""
LINE_WORDS = 500
"""A line of keywords has at most so many words: the time to find the mirror grows with their square."""
KEYWORD_WORDS = 4
"""A keyword has at most so many words: a longer repeated run is several keywords whose borders cannot be seen."""


def sniff(head: str) -> bool:
    """Whether the second line that is not blank is the date line."""
    lines = clean.paragraphs(head)
    return len(lines) > 1 and lines[1].startswith(DATE)


def read(stream: BinaryIO) -> Iterator[Draft | Fault]:
    """Yield the one article of a page, with those printed inside it. Its lines identify it, so BOM and CRLF do not count."""
    raw = stream.read(MAX_PAGE + 1)
    if len(raw) > MAX_PAGE:
        yield Fault(1, raw, "too_long", f"the page is longer than {MAX_PAGE:,} bytes")
        return
    try:
        lines = clean.paragraphs(mojibake.mend(raw.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        yield Fault(1, raw, "not_text", f"byte {error.start} is not UTF-8")
        return
    identity = "\n".join(lines).encode()
    parts = list(_parts(lines))
    inside = [_section(part, raw, identity) for part in parts[1:]]
    main = _section(parts[0], raw, identity, [part for part in inside if part.paragraphs])
    yield main if main.paragraphs else Fault(1, raw, "empty_text", "the page has a title and a date but no paragraph")
    for part in inside:
        if part.title and not part.paragraphs:
            yield Fault(1, raw, "empty_text", f"the article printed inside, {part.title!r:.80}, has no paragraph")


def _parts(lines: list[str]) -> Iterator[list[str]]:
    """Cut a page at its "read also" lines."""
    part: list[str] = []
    for line in lines:
        if _ALSO.fullmatch(fold(line)):
            yield part
            part = []
        else:
            part.append(line)
    yield part


def _section(lines: list[str], raw: bytes, identity: bytes, inside: list[Draft] | None = None) -> Draft:
    """One article of a page, from its title line on."""
    fields = {DATE: "", SOURCE: "", KEYWORDS: ""}
    body = []
    for line in lines[1:]:
        label = next((label for label in fields if line.startswith(label)), None)
        if label:
            fields[label] = line.removeprefix(label).strip()
        else:
            body.append(line)
    texts, posts = _posts(body)
    return Draft(
        record=1,
        raw=raw,
        identity=identity,
        title=lines[0] if lines else None,
        paragraphs=list(_paragraphs(texts)),
        source=fields[SOURCE],
        published=fields[DATE],
        keywords=keywords(fields[KEYWORDS]),
        posts=posts,
        inside=inside or [],
        places=_PLACES,
        left=[(f"the line {label}", text) for label, text in fields.items() if text],
    )


def _posts(body: list[str]) -> tuple[list[str], list[Post]]:
    """Take the pasted posts out of a body: a line of text, then `— name (@handle) November 20, 2024` with the next
    paragraph glued to it.
    """
    texts: list[str] = []
    posts = []
    for line in body:
        match = _POST.fullmatch(line)
        if match and texts:
            said = texts.pop()
            link = _LINK.search(said, len(said) - len(said.rsplit(maxsplit=1)[-1]))
            text = said[: link.start()].strip() if link else said
            posts.append(Post(len(texts), text, match["handle"], match["date"], link[0] if link else None))
            texts += [rest] if (rest := match["rest"].strip()) else []
        else:
            texts.append(line)
    return texts, posts


def _paragraphs(texts: list[str]) -> Iterator[Paragraph]:
    for number, text in enumerate(texts):
        between = 0 < number < len(texts) - 1
        short = len(text.split()) <= HEADING_WORDS and not _SENTENCE_END.search(text)
        yield Paragraph("heading" if between and short else "paragraph", text)


def keywords(line: str) -> list[str]:
    """The keywords of a portal's endless tag line, in ordinary Arabic letters, each once.

    Such a line is the site's section bar, then the keywords, then the keywords once more backwards, then "more in …"
    and what the site adds: `… K1 K2 K3 K3 K2 K1 المزيد في …`. Nothing but this mirror tells a keyword of two words from
    two keywords, so a line without it has none.
    """
    words = ordinary_letters(line).split(_MORE_IN)[0].split()
    if len(words) > LINE_WORDS:
        return []
    for centre in range(len(words) // 2, len(words)):
        if phrases := _mirrored(words[:centre], words[centre:]):
            bar = f" {' '.join(words[: 2 * centre - len(words)])} "
            return [phrase for phrase in dict.fromkeys(reversed(phrases)) if f" {phrase} " not in bar]
    return []


def _mirrored(before: list[str], after: list[str]) -> list[str]:
    """The phrases of `after` if `before` ends with the same phrases in reverse order, all of `after` used; else none."""
    phrases = []
    left, right = len(before), 0
    while right < len(after):
        for size in range(1, min(left, len(after) - right, KEYWORD_WORDS) + 1):
            if before[left - size : left] == after[right : right + size]:
                phrases.append(" ".join(after[right : right + size]))
                left, right = left - size, right + size
                break
        else:
            return []
    return phrases
