"""Arabic that was once read in a wrong encoding: found, and mended where no byte was lost.

The bytes of `العربية` in UTF-8, taken for Latin-1 or windows-1252, are `Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©`; taken twice, they begin with `Ã˜`.
Its bytes in windows-1256 are `ÇáÚÑÈíÉ`, in ISO-8859-6 `ÇäÙÑÈêÉ`. Turning the letters back into bytes undoes it, except where
a byte had no letter in windows-1252 and was dropped or replaced.
"""

import re

from corpus.text.encoding import MIN_SHARE, legacy

MIN_LETTERS = 4
"""So many letters of words without an ASCII letter are needed to speak of mojibake of a legacy encoding."""
TIMES = 3
"""Mojibake of mojibake is undone so many times."""

_SIGNS = "ØÙÃÇáä"
"""Mojibake of Arabic has one of these: the first bytes of UTF-8 Arabic, once and twice, and alef and lam elsewhere."""
_BYTE_OF = {code: code for code in range(0x80, 0x100)}
_BYTE_OF |= {ord(char): code for code in range(0x80, 0xA0) if (char := bytes([code]).decode("cp1252", "ignore"))}
"""Latin-1 and windows-1252 in one: the code point of a letter → the byte it was read from."""
_NEXT = "".join(chr(char) for char, code in _BYTE_OF.items() if code < 0xC0)
_SEQUENCE = re.compile(f"[Â-ß][{_NEXT}]|[à-ï][{_NEXT}]{{2}}|[ð-ô][{_NEXT}]{{3}}")
_UTF8 = re.compile(f"(?:[ØÙÚÛ][{_NEXT}]){{2}}|(?:[ÂÃ][{_NEXT}]){{4}}")
_HOLE = re.compile("[\u0621-\u064a][ØÙ]|[ØÙ][?\ufffd]?[\u0621-\u064a]")
_READABLE = re.compile(f"[\0-\xff{''.join(map(chr, _BYTE_OF))}]+")
_WORD = re.compile("[A-Za-zÀ-ÿ]{2,}")
_HIGH = re.compile("[À-ÿ]+")


def mend(text: str) -> str:
    """The text with its mojibake undone where that is certain; most often the text itself.

    Call it before lines are cut and spaces made one: U+0085 and U+00A0 are halves of letters here.
    """
    if not has_signs(text):
        return text
    for _ in range(TIMES):
        if not _UTF8.search(text):
            break
        text = _SEQUENCE.sub(_from_utf8, text)
    return _READABLE.sub(_from_legacy, text) if _is_legacy(text) else text


def has_signs(text: str) -> bool:
    """Whether a text can be mojibake at all. Every text is asked; this takes a tenth of what a regular expression does."""
    return any(map(text.__contains__, _SIGNS))


def is_mojibake(text: str) -> bool:
    """Whether a text still holds mojibake of Arabic after `mend`, or letters that were mended only in part."""
    if not has_signs(text):
        return False
    return bool(_UTF8.search(text) or _HOLE.search(text)) or _is_legacy(text)


def _bytes_of(text: str) -> bytes:
    return text.translate(_BYTE_OF).encode("latin-1")


def _from_utf8(match: re.Match[str]) -> str:
    try:
        return _bytes_of(match[0]).decode()
    except UnicodeDecodeError:
        return match[0]


def _is_legacy(text: str) -> bool:
    """Whether nearly all words with a letter of À to ÿ have no other: no language is written so."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    high = [word for word in words if _HIGH.fullmatch(word)]
    return sum(map(len, high)) >= MIN_LETTERS and len(high) >= MIN_SHARE * len(words)


def _from_legacy(match: re.Match[str]) -> str:
    data = _bytes_of(match[0])
    encoding = legacy(data)
    try:
        return data.decode(encoding) if encoding else match[0]
    except UnicodeDecodeError:
        return match[0]
