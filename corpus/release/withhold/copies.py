"""A holder's own copies of the articles, found by what a withheld release knows of each: hashes, id, address.

Reads files of articles as `warraq convert` writes them. Holds about 500 bytes for each copy, and one copy.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from corpus import store
from corpus.errors import CorpusError
from corpus.records import Article, text_sha256
from corpus.release.withhold import align


class Copies:
    """The copies; `len` says how many were read."""

    def __init__(self, files: list[Path]) -> None:
        """Read every article of the files once.

        Raises:
            CorpusError, RecordError: a file is missing or has a line that is no article.
        """
        self._files = files
        self._places: dict[tuple[str, str], tuple[int, int]] = {}
        self._count = 0
        for number, path in enumerate(files):
            for at, article in _lines(path):
                self._count += 1
                for key in _keys(article.sha256, text_sha256(align.folded(article.text)), article.id, article.url):
                    self._places.setdefault(key, (number, at))
        self._read = lru_cache(maxsize=256)(self._decode)

    def __len__(self) -> int:
        return self._count

    def of(self, row: dict[str, Any]) -> Iterator[tuple[int, int]]:
        """Where the copies of a withheld article are, the most certain first: by text, folded text, id, address."""
        found = dict.fromkeys(
            self._places[key]
            for key in _keys(row["sha256"], row["folded_sha256"], row["article_id"], row["url"])
            if key in self._places
        )
        own = self._places.get(("id", row["article_id"]))
        # An article that was printed twice has two copies with one text: the one of the same id has the right title.
        yield from sorted(found, key=lambda place: place != own)

    def article(self, place: tuple[int, int]) -> Article:
        """The copy at a place that `of` gave."""
        return self._read(place)

    def _decode(self, place: tuple[int, int]) -> Article:
        number, at = place
        with self._files[number].open("rb") as file:
            file.seek(at)
            return msgspec.json.decode(file.readline(), type=Article)


def is_articles(path: Path) -> bool:
    """Whether a file holds articles as `warraq convert` writes them, and so needs no conversion."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        try:
            msgspec.json.decode(file.readline(), type=Article)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return False
    return True


def _keys(sha256: str, folded: str, id_: str, url: str | None) -> Iterator[tuple[str, str]]:
    yield from (("sha256", sha256), ("folded", folded), ("id", id_))
    if url is not None:
        yield "url", url


def _lines(path: Path) -> Iterator[tuple[int, Article]]:
    """Byte offset and article of each line."""
    decode, at = msgspec.json.Decoder(Article).decode, 0
    try:
        with path.open("rb") as file:
            for line in file:
                yield at, decode(line)
                at += len(line)
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        list(store.read(path, Article))  # which names file and line
        raise CorpusError(f"{path} changed while it was read", "run the command again") from None
