"""Mutated input against the readers for 60 seconds: `make fuzz`. Ends with exit code 1 and the input at the first fault.

What must hold: no exception; every article's blocks tile its text; no forbidden character is stored; every reject has a
reason of the table. Seeds are inputs of every format, and archives of them.
"""

import bz2
import gzip
import io
import lzma
import random
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from corpus.articles import containers
from corpus.articles.readers import REASONS
from corpus.articles.reading import records_of
from corpus.articles.settings import Settings
from corpus.records import Article
from tests.stored_well import assert_stored_well

PROJECT = Path(__file__).parent.parent
SECONDS = 60
SETTINGS = Settings(gathered="2025-03-01T12:00:00Z")
TOKENS = [
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"</DOC>",
    b"<DOC>",
    b"<TEXT>",
    b"</TEXT>",
    b'{"text": "',
    b'"',
    b",",
    b"\n",
]
TOKENS += [
    text.encode("utf-8", "surrogatepass") for text in ("إقرأ أيضاً:", "المصدر:", "كلمات دلالية:", "\u202e", "\ud800", "ـ", "🙂")
]
TOKENS += [
    b"<rss><channel><item>",
    b"</item>",
    b"WARC/1.0\r\n",
    b"Content-Length: 99999\r\n",
    b"PAR1",
    b"PK\x03\x04",
    b"[{",
    b"<p>",
]
TOKENS += [
    date.encode() for date in ("31 فبراير 2024", "منذ 999 يوما", "15 رجب 1445 هـ", "99/99/9999", "2024-11-06T25:61+99:99")
]
TOKENS += ["— اسم (@Handle) March 12, 2024".encode(), "تاريخ النشر: 6th, November 2024 GMT".encode()]


def mutate(seeds: list[bytes], chance: random.Random) -> bytes:
    """One to eight random changes to one of the seeds."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 8)):
        place = chance.randint(0, len(data))
        match chance.randrange(5):
            case 0:
                data[place : place + chance.randint(1, 40)] = b""
            case 1:
                data[place:place] = chance.choice(TOKENS)
            case 2:
                data[place:place] = chance.randbytes(chance.randint(1, 6))
            case 3:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case _:
                other = chance.choice(seeds)
                start = chance.randint(0, len(other))
                data[place:place] = other[start : start + chance.randint(1, 400)]
    return bytes(data)


def packed(seeds: list[bytes]) -> Iterator[bytes]:
    """The seeds in containers, a few in each: a change to these mostly breaks the container, not what is in it."""
    for start in range(0, len(seeds), 5):
        some = seeds[start : start + 5]
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
            for number, seed in enumerate(some):
                zipped.writestr(f"folder/../{number}", seed)
        yield archive.getvalue()
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for number, seed in enumerate(some):
                member = tarfile.TarInfo(str(number))
                member.size = len(seed)
                tar.addfile(member, io.BytesIO(seed))
        yield archive.getvalue()
        yield from (pack(some[0]) for pack in (gzip.compress, bz2.compress, lzma.compress))


def check(data: bytes) -> int:
    """Read one input, hold its articles to what must hold, and return how many records it gave."""
    count = 0
    found = containers.opened(io.BufferedReader(io.BytesIO(data)), "fuzz", "fuzz", 0, containers.Budget(len(data)))
    for record, note in (pair for source in found for pair in records_of(source, SETTINGS)):
        count += 1
        assert isinstance(record, Article) or record.reason in REASONS, f"no such reason: {record}"
        assert note is None or record.published is None or note.reason == "date_hijri", (
            f"a note on a date that was taken: {note}"
        )
        if isinstance(record, Article):
            assert_stored_well(record)
    return count


def main() -> None:
    """Mutate and check until the time is over."""
    folders = (PROJECT / "tests" / "data", PROJECT / "corpus" / "sample")
    seeds = [path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.*")) if path.stat().st_size < 50_000]
    seeds += packed(seeds)
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else time.time_ns() % 10**6
    chance, end, inputs, records = random.Random(seed), time.monotonic() + SECONDS, 0, 0
    print(f"seed {seed}, {len(seeds)} inputs to mutate, {SECONDS} s", flush=True)
    while time.monotonic() < end:
        data = mutate(seeds, chance)
        try:
            records += check(data)
        except Exception:
            fault = PROJECT / "tests" / "artefacts" / "fuzz-input"
            fault.parent.mkdir(exist_ok=True)
            fault.write_bytes(data)
            print(f"after {inputs:,} inputs; the input is in {fault.relative_to(PROJECT)}; the seed was {seed}")
            raise
        inputs += 1
    print(f"{inputs:,} inputs, {records:,} records, no fault")


if __name__ == "__main__":
    main()
