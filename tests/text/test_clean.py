"""What may stand in a stored text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from corpus.text import clean

ODD = st.sampled_from("ابةأإئًّـ \u00a0\u2028\u2029\u200e\u202e\u061c\ufeff\x00\x07\x85\x1f\ud800\udfffe\u0301\u037e\n\r\t😀")
TEXTS = st.text(st.one_of(ODD, st.characters()))


@given(TEXTS)
def test_a_cleaned_line_is_clean_and_cleaning_again_changes_nothing(text):
    line = clean.line(text)
    assert clean.line(line) == line
    assert not clean.FORBIDDEN.search(line)
    assert "\n" not in line and "  " not in line and line == line.strip()
    assert unicodedata.is_normalized("NFC", line)


@given(TEXTS | st.text(st.sampled_from(" \u00a0\x85\u200fab\u0301أ\ud800")))
def test_a_line_that_needs_no_cleaning_is_left_as_the_whole_cleaning_would_leave_it(text):
    cleaned = " ".join(text.translate(clean._REMOVED).encode("utf-8", "ignore").decode().split())
    assert clean.line(text) == unicodedata.normalize("NFC", cleaned)


@given(TEXTS)
def test_paragraphs_are_clean_lines_that_are_not_empty(text):
    found = clean.paragraphs(text)
    assert all(found) and found == [clean.line(line) for line in found]
    assert clean.paragraphs("\n".join(found)) == found


@given(st.text(st.sampled_from("ابتأإآىةؤئءگپچ")))
def test_no_letter_is_folded_in_what_is_stored(text):
    assert clean.line(text) == text


def test_letters_around_a_forbidden_character_stay_where_they_were():
    assert clean.line("\ufeff\u202bقال\u200f  الوزير\x00اليوم\u202c\ud83d") == "قال الوزير اليوم"
    assert clean.line("e\u200f\u0301") == "é"  # marks meet their letter when the control between them goes


def test_every_unicode_line_separator_ends_a_paragraph():
    assert clean.paragraphs("أ\r\nب\u2028ت\u2029ث\x85ج\rح\x0bخ\x0cد") == list("أبتثجحخد")
