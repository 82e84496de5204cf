"""Dates as printed → ISO 8601, no more precise than the input. What cannot be a date is None, never a guess.

Hijri dates are converted by hijridate: the Umm al-Qura calendar, 1343 to 1500 AH. Countries that wait for the new moon to
be seen may have meant the day before or after.
"""

import os
import re
import time
from datetime import UTC, date, datetime, timedelta

from hijridate import Hijri

from corpus.text import clean, relative
from corpus.text.fold import fold
from corpus.text.months import GREGORIAN, HIJRI, WEEKDAYS

FIRST_YEAR = 1600
"""Newspapers begin in 1605. An earlier year is most often a Hijri one whose era is not printed."""
SLACK = timedelta(days=1)
"""A page may be dated so long after it was gathered or read: midnight comes a day earlier in the east."""
MAX_LENGTH = 200
"""What has more characters is no date."""
MOON_DAYS = 2
"""A Hijri date may be so many days from the Gregorian one that is printed beside it."""

_ISO_TIME = re.compile(r"(?:\d{4}-\d{2}-\d{2}[T ]|\d{8}T)\d{2}:?\d{2}(:?\d{2})?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def _any(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_NAME = _any(GREGORIAN | HIJRI)
_MONTH = rf"(?P<month>{_NAME})\.?(?: ?/ ?(?P<pair>{_NAME})| ?\( ?(?P<bracket>{_NAME}) ?\))?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = rf"(?:(?:يوم )?(?P<weekday>{_any(WEEKDAYS)})\.?[ ,،:-]+)?"
_ERA = r"(?: ?(?P<era>هجريه|هجري|ه|ميلاديه|ميلادي|م)(?![^\W\d_])\.?)?"
_TIME = (
    r"(?:(?: ?[-–|,،] ?| |t)(?:الساعه )?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?: ?(?P<half>صباحا|مساء|ص|م|am|pm))?)?"
)
_ZONE = r"(?: ?(?P<zone>gmt|utc|z|[+-]\d{2}:?\d{2}))?"
_SHAPES = [
    re.compile(_WEEKDAY + core + _ERA + _TIME + _ZONE)
    for core in (
        rf"{_DAY}[ ,،/-]+{_MONTH}[ ,،/-]+{_YEAR}",
        rf"{_MONTH} {_DAY}[ ,،]+{_YEAR}",
        rf"{_DAY}(?P<between>[/.-])(?P<number>\d{{1,2}})(?P=between){_YEAR}",
        rf"{_YEAR}(?P<between>[/-])(?P<number>\d{{1,2}})(?P=between){_DAY}",
    )
]
_MONTHS = [
    re.compile(core + r"(?: ?م)?")
    for core in (rf"{_MONTH}[ ,،/-]+{_YEAR}", rf"{_YEAR}[/-](?P<number>\d{{1,2}})", rf"(?P<number>\d{{1,2}})[/-]{_YEAR}")
]
_TWO_CALENDARS = re.compile(r"[ ،,]*\bالموافق[ :]*(?:ل ?)?|(?<=[ \d][هم]) ?[-/|](?! ?(?:\d?\d:|الساعه)) ?")


def parse(printed: str | None, gathered: str | None = None) -> str | None:
    """A printed date as ISO 8601: `YYYY-MM-DD`, with a time (and offset) where the input has one; `YYYY-MM` for a month.

    Understands ISO 8601 with or without colons and offset; `20/01/2017` (day first), `2017/01/20`, `2017-01`; names of months
    as in `months`, one or an agreeing pair (`تشرين الأول/ أكتوبر`, `أكتوبر (تشرين الأول)`), after or before the day, or alone
    with a year; a weekday before and a time after (`الأربعاء 6 نوفمبر 2024 - 14:30`); Arabic-Indic and Persian digits; Hijri
    dates whose era is printed (`15 رجب 1445 هـ`), alone or with the Gregorian date, which is then the one that is taken.

    None: what is not understood, days that no calendar has, a weekday or second month that contradicts the rest, a year
    before FIRST_YEAR, a Hijri month without a day (it is in two months), and what is later than `gathered`, or `today` if
    nobody knows when that was. A zone without a time is dropped.

    Args:
        printed: the date as printed.
        gathered: when the page was fetched, ISO 8601, a day or a moment, if it is known. Only then are dates like
            `منذ يومين` understood.
    """
    if not printed:
        return None
    found = _absolute(printed)
    if found is None and gathered and len(printed) <= MAX_LENGTH:
        return relative.day_of(fold(clean.line(printed)), gathered)
    return None if found is None or _is_future(found, gathered) else found


def why_not(printed: str) -> str:
    """Why `parse` gave None: `date_in_future`, `date_relative` (nobody knows to what), else `date_not_understood`."""
    if _absolute(printed):
        return "date_in_future"
    is_relative = len(printed) <= MAX_LENGTH and relative.is_relative(fold(clean.line(printed)))
    return "date_relative" if is_relative else "date_not_understood"


def is_hijri(printed: str) -> bool:
    """Whether a date that was understood, or one of the two that are printed, is Hijri."""
    return "ه" in printed and _is_hijri(fold(clean.line(printed)))


def today() -> date:
    """The day in UTC. SOURCE_DATE_EPOCH goes before the clock: https://reproducible-builds.org/specs/source-date-epoch/."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch) if epoch.isdecimal() else time.time(), UTC).date()


def _is_future(found: str, gathered: str | None) -> bool:
    last = (date.fromisoformat(gathered[:10]) if gathered else today()) + SLACK
    return found[:10] > last.isoformat()[: len(found)]


def _absolute(printed: str) -> str | None:
    """A date that says of itself which day or month it is; years up to 9999."""
    text = printed.strip()
    if (match := _ISO_TIME.match(text)) and (moment := _iso_time(text, "auto" if match[1] else "minutes")):
        return moment
    if match := _ISO_DAY.fullmatch(text):
        return _iso(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return _iso(int(match[3]), int(match[2]), int(match[1]))
    return _printed(fold(clean.line(text))) if len(text) <= MAX_LENGTH else None


def _printed(text: str) -> str | None:
    """A date in any other shape; `text` is folded."""
    if len(parts := _TWO_CALENDARS.split(text)) == 2:
        return _same_day(*parts)
    for shape in _SHAPES:
        if match := shape.fullmatch(text):
            return _moment(match.groupdict())
    for shape in _MONTHS:
        if match := shape.fullmatch(text):
            return _month_of_year(match.groupdict())
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year >= FIRST_YEAR else None
    except ValueError:
        return None


def _iso_time(text: str, precision: str) -> str | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.isoformat(timespec=precision) if moment.year >= FIRST_YEAR else None


def _same_day(first: str, second: str) -> str | None:
    """Of a Hijri and a Gregorian date of one day, in any order, the Gregorian one; None if they are not of one day."""
    first_iso, second_iso = _absolute(first), _absolute(second)
    if not first_iso or not second_iso or _is_hijri(first) == _is_hijri(second):
        return None
    apart = datetime.fromisoformat(first_iso[:10]) - datetime.fromisoformat(second_iso[:10])
    if abs(apart.days) > MOON_DAYS:
        return None
    return second_iso if _is_hijri(first) else first_iso


def _is_hijri(text: str) -> bool:
    return bool(re.search(r"[ \d]ه(?:جري|جريه)?(?!\w)", text))


def _moment(found: dict[str, str | None]) -> str | None:
    """The date, with its time if there is one, of a match of one of _SHAPES."""
    hijri = (found["era"] or "").startswith("ه")
    month = _month(found, HIJRI if hijri else GREGORIAN)
    if month is None:
        return None
    day = _day(int(found["year"] or 0), month, int(found["day"] or 0), hijri)
    if day is None or (found["weekday"] and WEEKDAYS[found["weekday"]] != date.fromisoformat(day).weekday()):
        return None
    if found["hour"] is None:
        return day
    hour = _hour(int(found["hour"]), found["half"])
    if hour is None:
        return None
    zone = {None: "", "gmt": "+00:00", "utc": "+00:00", "z": "+00:00"}.get(found["zone"], found["zone"])
    seconds = f":{found['second']}" if found["second"] else ""
    return _iso_time(f"{day}T{hour:02}:{found['minute']}{seconds}{zone}", "auto" if seconds else "minutes")


def _month(found: dict[str, str | None], names: dict[str, int]) -> int | None:
    """The month's number, or None if a name is not of this calendar or the second name is of another month."""
    if number := found.get("number"):
        return int(number)
    numbers = {names.get(name) for key in ("month", "pair", "bracket") if (name := found[key])}
    return numbers.pop() if len(numbers) == 1 else None


def _day(year: int, month: int, day: int, hijri: bool) -> str | None:
    if not hijri:
        return _iso(year, month, day)
    try:
        return str(Hijri(year, month, day).to_gregorian().isoformat())
    except (ValueError, OverflowError):
        return None


def _hour(hour: int, half: str | None) -> int | None:
    """The hour of 24; None if it is not an hour of that half of the day. Some print `14:30 م`, which agrees."""
    if half is None:
        return hour
    afternoon = half in ("م", "مساء", "pm")
    if 1 <= hour <= 12:
        return hour % 12 + 12 * afternoon
    return hour if afternoon and hour > 12 else None


def _month_of_year(found: dict[str, str | None]) -> str | None:
    month = _month(found, GREGORIAN)
    first = month and _iso(int(found["year"] or 0), month, 1)
    return first[:7] if first else None
