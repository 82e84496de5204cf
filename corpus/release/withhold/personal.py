"""Personal data in text: e-mail addresses, telephone numbers, national numbers. Found by pattern, so by far not all of it.

Digits may be Latin, Arabic-Indic or Persian. Because news is full of numbers (prices, scores, school years), a number counts
as a telephone only with an international prefix or after a word such as "telephone" or "number", and as a national one only
after a word for it, or in the shape of one that is hardly anything else: Egypt's (14 digits with a birthday in it) and the
Emirates' (784-).
"""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from corpus.release.withhold.align import folded, folded_with_map

_DIGIT = "[0-9٠-٩۰-۹]"
_CANDIDATE = f"@|(?:{_DIGIT}[ \xa0.()/-]*){{6}}"
"""What every text with personal data matches, and many without: six digits with nothing but signs between them, or an @."""
_IS_CANDIDATE = re.compile(_CANDIDATE)
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
# From here on text is folded: Latin digits, ه for ة, ا for أ, no vowel marks, one space for white space. No `*` between a
# word and its number: what was struck out once must not lead to the next number.
_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00)(?:[ ]?[1-9])(?:[ .()/-]{0,2}\d){7,13}(?![\d])")
_NUMBER = r"\(?\d(?:[ .()/-]{0,2}\d){6,31}(?!\d)"  # several in a row are one
_CUED = re.compile(
    r"(?<!\w)(?:[وفبلك]|ال|بال|لل|وال){0,2}"
    r"(?:هاتف\w*|هواتف|جوال|موبايل|تلفون|تليفون|فاكس|واتساب|رقم(?! (?:ال)?(?:معاملات|اعمال|قياسي))|رقمين|ارقام|رقما"
    r"|tel|phone|mobile|fax|whatsapp)"
    rf"(?!\w)[^\d*]{{0,30}}?((?:{_NUMBER}[^\w*]{{0,6}}(?:(?:او |و ?)(?=\(?\d))?)+)"
)
_PLAIN = re.compile(_NUMBER)
_YEARS = re.compile(
    r"(?:(?:19|20)\d\d\D{0,3}){2,}|\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d\d|(?:19|20)\d\d[/.-]\d{1,2}[/.-]\d{1,2}"
)
_NATIONAL_WORD = re.compile(
    r"(?<!\w)(?:[وفبلك]|ال|بال|لل|وال){0,2}(?:(?:رقم (?:ال)?)?(?:هويه|بطاقه|جواز سفر|جواز السفر)"
    r"(?: (?:ال)?(?:وطنيه|شخصيه|تعريف|قوميه))*|رقم (?:ال)?(?:وطني|قومي|مدني)|cin|passport|national (?:id|number))"
    r"(?!\w)[^\d*]{0,25}?([a-z]{0,2}\d(?:[ -]?\d){5,14})(?!\d)"
)
_NATIONAL_SHAPE = re.compile(
    r"(?<!\d)(?:[23]\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{7}|784-?(?:19|20)\d\d-?\d{7}-?\d)(?!\d)"
)

KINDS = ("e-mail address", "telephone number", "national number")


class Hit(Struct, frozen=True):
    """One piece of personal data: its kind, and where it stands in the text, in code points."""

    kind: str
    start: int
    end: int


def find(text: str) -> list[Hit]:
    """The personal data in a text, in order; no two overlap."""
    if not _IS_CANDIDATE.search(text):
        return []
    hits = [Hit(KINDS[0], *match.span()) for match in _EMAIL.finditer(text)]
    if numbers := list(_numbers(folded(text))):
        offsets = folded_with_map(text).offsets
        hits += [Hit(kind, offsets[first], offsets[last - 1] + 1) for kind, (first, last) in numbers]
    apart: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not apart or hit.start >= apart[-1].end:
            apart.append(hit)
    return apart


def masked(text: str, hits: list[Hit]) -> str:
    """The text with `*` for each code point of a hit but white space, so that offsets and words stay."""
    chars = list(text)
    for hit in hits:
        chars[hit.start : hit.end] = ["*" if not char.isspace() else char for char in chars[hit.start : hit.end]]
    return "".join(chars)


def _numbers(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for match in _NATIONAL_WORD.finditer(text):
        yield KINDS[2], match.span(1)
    for match in _NATIONAL_SHAPE.finditer(text):
        yield KINDS[2], match.span()
    for match in _INTERNATIONAL.finditer(text):
        yield KINDS[1], match.span()
    for cued in _CUED.finditer(text):
        for match in _PLAIN.finditer(text, cued.start(1), cued.end(1)):
            if not _YEARS.match(match[0]):
                yield KINDS[1], match.span()


class Search:
    """Looks for personal data in batches of articles: kinds are counted, articles named, values never told.

    Arrow's regular expressions pick the few texts that `find` reads, in the pool, while the caller makes the next batch.
    """

    def __init__(self, pool: Executor) -> None:
        """Search in `pool`."""
        self.kinds: Counter[str] = Counter()
        self.articles: list[str] = []
        self._pool = pool
        self._pending: tuple[pa.RecordBatch, list[Future[pa.BooleanArray]]] | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        """Begin with a batch of rows of the config `articles`, and end with the one before it."""
        self.finish()
        found = [self._pool.submit(pc.match_substring_regex, batch[name], _CANDIDATE) for name in ("title", "text")]
        posts = batch["embeds"].flatten()
        found.append(self._pool.submit(pc.match_substring_regex, posts.field("text"), _CANDIDATE))
        self._pending = (batch, found)

    def finish(self) -> None:
        """End with the last batch."""
        if self._pending is None:
            return
        batch, (titles, bodies, posts) = self._pending
        self._pending = None
        likely = pc.or_(bodies.result(), pc.fill_null(titles.result(), False))
        owners = pc.list_parent_indices(batch["embeds"]).filter(posts.result())
        rows = sorted({*pc.indices_nonzero(likely).to_pylist(), *owners.to_pylist()})
        for row in batch.select(["article_id", "title", "text", "embeds"]).take(pa.array(rows, pa.int64())).to_pylist():
            hits = [hit for text in texts(row) for hit in find(text)]
            self.kinds.update(hit.kind for hit in hits)
            if hits:
                self.articles.append(row["article_id"])


def texts(row: dict[str, Any]) -> Iterator[str]:
    """The texts of a row of `articles` in which personal data is looked for: title, text, posts."""
    yield from (row["title"] or "", row["text"] or "", *(embed["text"] or "" for embed in row["embeds"]))
