"""Arabic folding, for comparing only: what is folded is never stored. Keeps a map back to the offsets of the original.

Folded together: alef forms, alef maqsura and yeh, teh marbuta and heh, hamza on its carriers, Persian kaf and yeh,
Arabic-Indic, Persian and Latin digits, upper and lower case. Dropped: short vowels, superscript alef, tatweel.
"""

_DROPPED = "ـ" + "".join(map(chr, (*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD))))
_SAME = {"أإآٱ": "ا", "ىیېئ": "ي", "ةۀە": "ه", "کڪ": "ك", "ؤ": "و"}
_TABLE: dict[int, str | None] = {
    **{ord(char): None for char in _DROPPED},
    **{ord(char): folded for chars, folded in _SAME.items() for char in chars},
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
}
_LETTERS = str.maketrans({"ک": "ك", "ی": "ي", "ہ": "ه", "ۀ": "ه"})


def fold(text: str) -> str:
    """The folded text. `fold(fold(x)) == fold(x)`."""
    return text.translate(_TABLE).casefold()


def fold_with_map(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the offset in `text` of the character it came from."""
    folded = [fold(char) for char in text]
    offsets = [offset for offset, piece in enumerate(folded) for _ in piece]
    return "".join(folded), offsets


def ordinary_letters(text: str) -> str:
    """Persian and Urdu letter forms as the Arabic letters they stand for in Arabic words (کوریا → كوريا)."""
    return text.translate(_LETTERS)
