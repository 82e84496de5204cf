"""Printed dates, as precise as they were."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import dates

ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{6})?)?([+-]\d\d:\d\d(:\d\d)?)?)?")


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


@given(st.dates(min_value=date(1000, 1, 1)))
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


@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.none() | st.timezones()))
def test_a_time_comes_back_as_it_was(moment):
    assert dates.parse(moment.isoformat()) == moment.isoformat()


@given(st.text(st.sampled_from("0123456789-/T :+Zz,. thstndJanuaryمايو٣")) | st.text())
def test_any_string_is_an_iso_date_or_none(printed):
    parsed = dates.parse(printed)
    assert parsed is None or (ISO.fullmatch(parsed) and datetime.fromisoformat(parsed))
