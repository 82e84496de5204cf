"""Printed dates, as precise as they were."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import dates
from corpus.text.months import GREGORIAN, HIJRI, WEEKDAYS

LAST_DAY = date(2026, 1, 31)
ISO = re.compile(r"\d{4}-\d\d(-\d\d)?(T\d\d:\d\d(:\d\d(\.\d{6})?)?([+-]\d\d:\d\d(:\d\d)?)?)?")


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("6th, November 2024 GMT", "2024-11-06"),
        ("1st January 2024", "2024-01-01"),
        ("22nd, March 2023 UTC", "2023-03-22"),
        ("November 20, 2024", "2024-11-20"),
        ("20/01/2017", "2017-01-20"),
        ("3/4/2017", "2017-04-03"),
        ("2017-01-20", "2017-01-20"),
        (" 2017-05-20T18:24:00+01:00 ", "2017-05-20T18:24:00+01:00"),
        ("2017-01-22T185600", "2017-01-22T18:56:00"),
        ("20170122T185600+0100", "2017-01-22T18:56:00+01:00"),
        ("2017-01-22 18:56:00Z", "2017-01-22T18:56:00+00:00"),
    ],
)
def test_every_shape_that_is_promised_is_understood(printed, iso):
    assert dates.parse(printed) == iso


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2017-01-20T18:24", "2017-01-20T18:24"),
        ("2017-01-20 1824", "2017-01-20T18:24"),
        ("2017-01-20T18:24+01:00", "2017-01-20T18:24+01:00"),
        ("2017-01-20T18:24:00", "2017-01-20T18:24:00"),
    ],
)
def test_a_date_gets_no_more_precise_than_it_was_printed(printed, iso):
    assert dates.parse(printed) == iso


@pytest.mark.parametrize(
    "printed",
    [
        None, "", "أمس", "31/02/2024", "29/02/2023", "13/13/2024", "00/01/2024", "32nd, May 2024", "31st, February 2024 GMT",
        "2024-02-30", "2024-01-01T25:00", "2024-01-01T10:61", "2024-01-01T10:00 غدا", "6th, Novembre 2024", "5/6/24",
    ],
)  # fmt: skip
def test_what_cannot_be_a_date_is_none_and_never_a_guess(printed):
    assert dates.parse(printed) is None


# By hand: a calendar of November 2024, and the Umm al-Qura calendar of 1445 (15 Rajab is Saturday 27 January 2024).


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("6 نوفمبر 2024", "2024-11-06"),
        ("6 تشرين الثاني 2024", "2024-11-06"),
        ("6 تشرين ثاني 2024", "2024-11-06"),
        ("2 كانون الأول 2023", "2023-12-02"),
        ("1 آب 2024", "2024-08-01"),
        ("6 جانفي 2024", "2024-01-06"),
        ("6 أفريل 2024", "2024-04-06"),
        ("6 ماي 2024", "2024-05-06"),
        ("6 جويلية 2024", "2024-07-06"),
        ("6 أوت 2024", "2024-08-06"),
        ("12 غشت 2024", "2024-08-12"),
        ("6 شتنبر 2024", "2024-09-06"),
        ("6 دجنبر 2024", "2024-12-06"),
        ("٦ نوفمبر ٢٠٢٤", "2024-11-06"),
        ("۶ نوفمبر ۲۰۲۴", "2024-11-06"),
        ("٢٠/٠١/٢٠١٧", "2017-01-20"),
        ("6 اكتوبر، 2024", "2024-10-06"),
        ("06-نوفمبر-2024", "2024-11-06"),
        ("\u200f6 نوفمبر 2024\u200f", "2024-11-06"),
        ("6 تشرين الأول/ أكتوبر 2024", "2024-10-06"),
        ("6 أكتوبر (تشرين الأول) 2024", "2024-10-06"),
        ("تشرين الأول/ أكتوبر 2024", "2024-10"),
        ("الأربعاء 6 نوفمبر 2024", "2024-11-06"),
        ("الاربعاء، ٦ نوفمبر ٢٠٢٤ م", "2024-11-06"),
        ("يوم الأربعاء 06/11/2024", "2024-11-06"),
        ("6 نوفمبر 2024 - 14:30", "2024-11-06T14:30"),
        ("6 نوفمبر 2024 م - 14:30", "2024-11-06T14:30"),
        ("6 نوفمبر 2024 | 02:30 مساءً", "2024-11-06T14:30"),
        ("6 نوفمبر 2024، 12:05 ص", "2024-11-06T00:05"),
        ("6 نوفمبر 2024 الساعة 12:05 م", "2024-11-06T12:05"),
        ("20/01/2017 14:30", "2017-01-20T14:30"),
        ("2024/11/06", "2024-11-06"),
        ("2024/11/6 14:30:05", "2024-11-06T14:30:05"),
        ("20.01.2017", "2017-01-20"),
        ("2024-11", "2024-11"),
        ("11/2024", "2024-11"),
        ("نوفمبر 2024", "2024-11"),
        ("Sept 2024", "2024-09"),
        ("6 Nov 2024", "2024-11-06"),
        ("Nov. 6, 2024", "2024-11-06"),
        ("Wednesday, November 6, 2024", "2024-11-06"),
        ("Wed, 06 Nov 2024 14:30:00 GMT", "2024-11-06T14:30:00+00:00"),
        ("Wed, 06 Nov 2024 14:30:00 +0300", "2024-11-06T14:30:00+03:00"),
        ("15 رجب 1445 هـ", "2024-01-27"),
        ("السبت ١٥ رجب ١٤٤٥هـ", "2024-01-27"),
        ("15/07/1445 هـ", "2024-01-27"),
        ("1445/07/15هـ", "2024-01-27"),
        ("1 ذي الحجة 1445 هـ", "2024-06-07"),
        ("السبت 15 رجب 1445 هـ الموافق 27 يناير 2024 م", "2024-01-27"),
        ("14 رجب 1445 هـ - 27 يناير 2024 م", "2024-01-27"),  # where the new moon was seen a day later
        ("27 يناير 2024 الموافق لـ 15 رجب 1445 هـ", "2024-01-27"),
    ],
)
def test_arabic_and_english_months_digits_eras_and_times_are_understood(printed, iso):
    assert dates.parse(printed) == iso


@pytest.mark.parametrize(
    "printed",
    [
        "قبل ساعتين", "منذ يومين", "اليوم 14:30", "31 أبريل 2024", "29 فبراير 2023", "32 نوفمبر 2024", "0 نوفمبر 2024",
        "الخميس 6 نوفمبر 2024", "Thu, 06 Nov 2024", "6 نوفمبر/ تشرين الأول 2024", "تشرين الأول (نوفمبر) 2024", "6 نوفمبر 24",
        "نوفمبر", "6 نوفمبر", "2024", "13/2024", "2024/13/01", "6 نوفمبر 2024 25:00", "6 نوفمبر 2024 14:30 ص",
        "6 نوفمبر 2024 00:30 م", "15 رجب 1445", "15/07/1445", "1445-07-15", "15 رجب 2024", "6 نوفمبر 1445 هـ",
        "30 رجب 1445 هـ 14:99", "31 رجب 1445 هـ", "1 محرم 1300 هـ", "1 محرم 1501 هـ", "رجب 1445 هـ",
        "15 رجب 1445 هـ - 27 يناير 2020", "15 رجب 1445 هـ الموافق 15 رجب 1445 هـ", "الموافق", "1 محرم 1445 هـ الموافق",
        "6 نوفمبر 2024 " * 100, "," * 100_000, " الموافق" * 30,
    ],
)  # fmt: skip
def test_contradictions_other_calendars_and_parts_of_dates_are_none(printed):
    assert dates.parse(printed) is None


@pytest.mark.parametrize("printed", ["6 نوفمبر 2124", "2036-01-01", "2036-01-01T00:00:00Z", "1 رجب 1490 هـ", "يناير 2036"])
def test_a_year_that_nobody_can_have_meant_is_null_and_says_so(printed):
    assert dates.parse(printed) is None
    assert dates.why_not(printed) == "date_in_future"


def test_nothing_is_dated_after_today_where_nobody_knows_when_it_was_gathered(monkeypatch):
    now = datetime.now(UTC).date()
    assert dates.parse((now + timedelta(days=1)).isoformat()) == (now + timedelta(days=1)).isoformat()
    assert dates.parse((now + timedelta(days=3)).isoformat()) is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1730880000")  # 2024-11-06
    assert [dates.parse(day) for day in ("2024-11-07", "2024-11-08", "2024-12")] == ["2024-11-07", None, None]
    assert dates.parse("2024-11-08", "2024-11-09") == "2024-11-08"  # the day of gathering goes before


@pytest.mark.parametrize(
    ("printed", "parsed"),
    [
        ("2024-11-06", "2024-11-06"),
        ("2024-11-07T09:00+12:00", "2024-11-07T09:00+12:00"),  # already tomorrow there
        ("2024-11-08", None),
        ("6 ديسمبر 2024", None),
        ("نوفمبر 2024", "2024-11"),
        ("ديسمبر 2024", None),
    ],
)
def test_nothing_is_dated_after_it_was_gathered(printed, parsed):
    assert dates.parse(printed, "2024-11-06T20:30:00+00:00") == parsed
    assert dates.parse(printed, "2024-11-06") == parsed
    assert dates.parse(printed) is not None


@pytest.mark.parametrize(
    ("printed", "at_noon", "on_day"),
    [
        ("اليوم", "2024-03-01", "2024-03-01"),
        ("أمس", "2024-02-29", "2024-02-29"),
        ("أوّل أمس", "2024-02-28", "2024-02-28"),
        ("منذ يومين", "2024-02-28", "2024-02-28"),
        ("قبل ٣ أيام", "2024-02-27", "2024-02-27"),
        ("قبل يوم", "2024-02-29", "2024-02-29"),
        ("منذ 13 ساعة", "2024-02-29", None),
        ("منذ ساعتين", "2024-03-01", None),
        ("قبل 20 دقيقة", "2024-03-01", None),
        ("Yesterday", "2024-02-29", "2024-02-29"),
        ("an hour ago", "2024-03-01", None),
        ("3 days ago", "2024-02-27", "2024-02-27"),
        ("منذ أيام", None, None),
        ("منذ أسبوع", None, None),
        ("منذ شهرين", None, None),
        ("0 days ago", "2024-03-01", "2024-03-01"),
    ],
)
def test_relative_dates_need_a_crawl_date_and_hours_its_time(printed, at_noon, on_day):
    assert dates.parse(printed) is None
    assert dates.parse(printed, "2024-03-01T12:00:00+00:00") == at_noon
    assert dates.parse(printed, "2024-03-01") == on_day


def test_why_not_tells_relative_from_unknown():
    assert dates.why_not("منذ يومين") == "date_relative"
    assert dates.why_not("30 فبراير 2024") == dates.why_not("?") == "date_not_understood"


def test_no_name_is_of_two_months_or_days():
    assert (len(GREGORIAN), len(HIJRI), len(WEEKDAYS)) == (67, 25, 23)  # as many as are written in months.py
    assert not set(GREGORIAN) & set(HIJRI)
    for names, numbers in ((GREGORIAN, range(1, 13)), (HIJRI, range(1, 13)), (WEEKDAYS, range(7))):
        assert set(names.values()) == set(numbers)


@given(st.dates(min_value=date(1600, 1, 1), max_value=LAST_DAY), st.sampled_from(sorted(GREGORIAN.items())), st.booleans())
def test_every_name_of_a_month_gives_its_number_and_no_other(day, name, eastern):
    month, number = name
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩" if eastern else "0123456789")
    parsed = dates.parse(f"{min(day.day, 28)} {month} {day.year}".translate(digits))
    assert parsed == f"{day.year}-{number:02}-{min(day.day, 28):02}"
    assert dates.parse(f"{month} {day.year}") == f"{day.year}-{number:02}"


@given(st.integers(1365, 1446), st.sampled_from(sorted(HIJRI.items())), st.integers(1, 29))
def test_hijri_days_follow_each_other_and_need_their_era(year, name, day):
    """From 1365 on: of the calendar as it was kept before, a few months have 28 days or 31."""
    month, _ = name
    first, second = (dates.parse(f"{number} {month} {year} هـ") for number in (day, min(day + 1, 29)))
    assert (date.fromisoformat(second) - date.fromisoformat(first)).days == min(day + 1, 29) - day
    assert dates.parse(f"{day} {month} {year}") is None


@given(st.dates(min_value=date(1600, 1, 1), max_value=LAST_DAY))
def test_a_day_comes_back_from_every_way_to_print_it(day):
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day not in (11, 12, 13) else 0, "th")
    month = day.strftime("%B")
    for printed in (
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{month} {day.day}, {day.year}",
        f"{day.day}{suffix}, {month} {day.year} GMT",
    ):
        assert dates.parse(printed) == day.isoformat()


@given(st.datetimes(datetime(1600, 1, 2), datetime(2026, 1, 31), timezones=st.none() | st.timezones()))
def test_a_time_comes_back_as_it_was(moment):
    assert dates.parse(moment.isoformat()) == moment.isoformat()


@given(st.text(st.sampled_from("0123456789-/T :+Zz,. thstndJanuaryمايو٣هـ(|")) | st.text())
def test_any_string_is_an_iso_date_or_none(printed):
    assert dates.why_not(printed).startswith("date_")
    for gathered in (None, "2024-11-06", "2024-11-06T20:30:00Z"):
        parsed = dates.parse(printed, gathered)
        assert not gathered or not parsed or parsed <= "2024-11-08"
    assert parsed is None or (ISO.fullmatch(parsed) and datetime.fromisoformat(parsed))
