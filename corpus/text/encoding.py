"""How bytes become text: the encoding is told by the content, and what is not UTF-8 is handed on as UTF-8.

Candidates are UTF-8, UTF-16, windows-1256 and ISO-8859-6; nothing else is guessed at.
"""

import codecs
import io
import re
from typing import Any, BinaryIO

import charset_normalizer

HEAD = 8192
"""How many bytes of a file decide."""
MIN_WORDS = 2
"""Bytes are believed to be Arabic in a legacy encoding from so many Arabic words on."""
MIN_SHARE = 0.9
"""And if so large a share of the words that have an Arabic letter has no other letter."""
MIN_COMMON = 0.08
"""Alef and lam are a quarter of the letters of Arabic, a sixth of Persian; Russian in KOI8-R has hardly any after decoding."""
SHORT = 40
"""So many letters may have neither."""

_CHUNK = 2**16
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_LEGACY = ["cp1256", "iso8859_6"]
_PLAIN = re.compile(r"[\t\n\r -~\u00a0-\u00ff\u0600-\u06ff\u200b-\u206f\u20a0-\u20bf]")
_WORD = re.compile(r"[^\W\d_]+")
_BYTE_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_ARABIC = re.compile(r"[\u0621-\u06d3]+")

_BROKEN = "warraq.broken"
codecs.register_error(_BROKEN, lambda error: ("\udcff", error.end))  # type: ignore[attr-defined]
"""Decodes what is broken to the surrogate that `surrogateescape` encodes to the byte 0xFF, which is never UTF-8."""


def detect(head: bytes) -> str | None:
    """The Python name of the encoding of a text that begins with these bytes (HEAD of them count), or None.

    UTF-16 by its mark, or without one by its bytes 0 and 6: the upper halves of Latin and Arabic letters, rare elsewhere. Then
    UTF-8, with or without its mark; plain ASCII is UTF-8 too. Then a legacy encoding, as in `legacy`.
    """
    head = head[:HEAD]
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding if _read_as(head, encoding) else None
    if b"\0" in head or b"\6" in head:
        for encoding in _MARKS.values():
            text = _read_as(head, encoding) or ""
            if text and len(_PLAIN.findall(text)) > 0.95 * len(text):
                return encoding
    return "utf-8" if _read_as(head, "utf-8") is not None else legacy(head)


def _read_as(head: bytes, encoding: str) -> str | None:
    try:
        return decoded(head, encoding)
    except UnicodeDecodeError:
        return None


def decoded(head: bytes, encoding: str, errors: str = "strict") -> str:
    """The text of the beginning of a file. A character may be cut in two at the end, and is left out.

    Raises:
        UnicodeDecodeError: it is not in this encoding, and `errors` does not say what to do then.
    """
    if encoding == "utf-8":
        return codecs.utf_8_decode(head, errors, False)[0]  # what the next line comes to, without its objects
    return codecs.getincrementaldecoder(encoding)(errors).decode(head)


def is_utf8(data: bytes) -> bool:
    """Whether these bytes are UTF-8 to their end."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def legacy(data: bytes) -> str | None:
    """`cp1256` or `iso8859_6` if these bytes are Arabic in one of them, else None.

    charset-normalizer chooses between the two, but takes French and German in windows-1252 for windows-1256 as well. So the
    words are looked at: in Arabic a word is Arabic or Latin, in a wrong decoding Arabic letters stand inside Latin words.
    """
    high = (word for word in _BYTE_WORD.findall(data) if not word.isascii())  # of a page, the beginning is most often markup
    data = b" ".join(high)[:HEAD]
    best = charset_normalizer.from_bytes(data, cp_isolation=_LEGACY).best()
    if best is None or best.encoding not in _LEGACY:
        return None
    words = [word for word in _WORD.findall(data.decode(best.encoding, "replace")) if _ARABIC.search(word)]
    arabic = [word for word in words if _ARABIC.fullmatch(word)]
    enough = sum(len(word) > 1 for word in arabic) >= MIN_WORDS and len(arabic) >= MIN_SHARE * len(words)
    letters = "".join(arabic)
    common = len(letters) <= SHORT or letters.count("ا") + letters.count("ل") >= MIN_COMMON * len(letters)
    return best.encoding if enough and common else None


class _Recoded(io.RawIOBase):
    """A stream of text in another encoding as a stream of UTF-8, holding one chunk."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)(_BROKEN)
        self._ready = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read up to a buffer's length; 0 at the end."""
        more = True
        while more and not self._ready:
            chunk = self._stream.read(_CHUNK)
            more = bool(chunk)
            self._ready = self._decoder.decode(chunk, final=not more).encode("utf-8", "surrogateescape")
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size


def as_utf8(stream: io.BufferedReader, encoding: str) -> io.BufferedReader:
    """The stream itself if it is UTF-8, else a stream of the same text in UTF-8, which leaves the first one open.

    A byte order mark comes out as the one of UTF-8, which readers know. What is broken in that encoding becomes the byte 0xFF,
    so that the record it stands in is not UTF-8 either.
    """
    return stream if encoding == "utf-8" else io.BufferedReader(_Recoded(stream, encoding), _CHUNK)
