"""Dates as printed → ISO 8601, no more precise than the input. What cannot be a date is None, never a guess."""

import re
from datetime import datetime

_SHAPES = [
    (re.compile(r"(\d{1,2})(?:st|nd|rd|th),? ([A-Za-z]+) (\d{4})(?: GMT| UTC)?"), "{0} {1} {2}", "%d %B %Y"),
    (re.compile(r"([A-Za-z]+) (\d{1,2}), (\d{4})"), "{1} {0} {2}", "%d %B %Y"),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})"), "{0} {1} {2}", "%d %m %Y"),
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), "{2} {1} {0}", "%d %m %Y"),
]
_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:?\d{2}(:?\d{2})?.*")


def parse(printed: str | None) -> str | None:
    """A printed date as ISO 8601: `YYYY-MM-DD`, or with a time (and offset) where the input has one.

    Understands `6th, November 2024 GMT`, `November 20, 2024`, `20/01/2017` (day first), `2017-01-20` and ISO 8601 times,
    with or without colons and offset. The first of these alone names a zone without a time: its zone is dropped.
    """
    printed = (printed or "").strip()
    if match := _ISO_TIME.fullmatch(printed):
        try:
            return datetime.fromisoformat(printed).isoformat(timespec="auto" if match[1] else "minutes")
        except ValueError:
            return None
    for shape, order, form in _SHAPES:
        if match := shape.fullmatch(printed):
            try:
                return datetime.strptime(order.format(*match.groups()), form).date().isoformat()
            except ValueError:
                return None
    return None
