"""Whether a page is made so that parsing it would take minutes or gigabytes, told from its tags before it is parsed."""

import re
from collections import Counter

MAX_DEPTH = 1000
"""So many elements may be open at once: the parser's time grows with their square."""
MAX_NODES = 10**6
"""So many elements may a page have, with the formatting elements that HTML opens anew in each paragraph."""
MAX_ATTRIBUTES = 5000
"""So many attributes may one element have: here too the parser's time grows with the square."""
MAX_OPTIONS = 20_000
"""So many `option` elements may a page have: at each, the parser looks at all of its `select`."""
LIMITS = (
    f"elements are more than {MAX_DEPTH:,} deep, more than {MAX_NODES:,}, or have over {MAX_ATTRIBUTES:,} attributes; "
    f"or more than {MAX_OPTIONS:,} are options"
)
"""What a page is that `is_bomb` is true of."""

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_NAME = re.compile(r"\w+")
_MAY_STAY_OPEN = frozenset(
    _NAME.findall(
        "p li dd dt option optgroup tr td th thead tbody tfoot colgroup html head body area base br col embed hr img "
        "input link meta param source track wbr rp rt"
    )
)
_FORMATTING = frozenset(_NAME.findall("a b big code em font i nobr s small strike strong tt u"))


def is_bomb(text: str) -> bool:
    """Whether nesting, open formatting, options or attributes are so many that parsing would take minutes or gigabytes."""
    open_now: Counter[str] = Counter()
    depth = formatting = nodes = options = 0
    for close, name, rest in _TAG.findall(text):
        tag = name.lower()
        nodes += 1 + formatting
        if tag not in _MAY_STAY_OPEN:
            if close and open_now[tag]:
                step = -1
            elif close or (rest.endswith("/") and (open_now["svg"] or open_now["math"])):
                step = 0
            else:
                step = 1
            open_now[tag] += step
            depth += step
            formatting += step if tag in _FORMATTING else 0
        elif tag == "option" and not close:
            options += 1
        if depth > MAX_DEPTH or nodes > MAX_NODES or options > MAX_OPTIONS or _attributes(rest) > MAX_ATTRIBUTES:
            return True
    return False


def _attributes(rest: str) -> int:
    """How many attributes a tag may have at most, by what follows its name; 0 where it is too short to matter."""
    return len(re.split(r"[\s/]+", _QUOTED.sub(" ", rest))) if len(rest) > 2 * MAX_ATTRIBUTES else 0
