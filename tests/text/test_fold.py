"""Folding for comparison, and the way back to the offsets of the original."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.text.fold import fold, fold_with_map, ordinary_letters

TEXTS = st.text(st.one_of(st.sampled_from("أإآٱاىيیېئةهۀؤوکكـًٌّْٰ٣۴3ßİŉẞΣς"), st.characters()))


@given(TEXTS)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_the_map_leads_each_folded_character_to_the_one_it_came_from(text):
    folded, offsets = fold_with_map(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) and offsets == sorted(offsets)
    assert all(char in fold(text[offset]) for char, offset in zip(folded, offsets, strict=True))


def test_a_match_in_folded_text_is_found_in_the_original():
    text = "قالـت الشَّرِكَةُ إنّها"
    folded, offsets = fold_with_map(text)
    start = folded.index("الشركه")
    assert text[offsets[start] : offsets[start + 5] + 1] == "الشَّرِكَة"


def test_spellings_of_one_word_fold_to_one():
    assert len({fold(word) for word in ("أزمة", "ازمه", "أَزْمَة", "أزمـــة", "إزمة", "آزمة")}) == 1
    assert fold("مسئول مسؤول") == "مسيول مسوول"
    assert fold("٢٠٢٤") == fold("۲۰۲۴") == "2024"
    assert fold("کوریا") == fold("كوريا")


def test_letters_that_tell_words_apart_stay_apart():
    words = ["سار", "صار", "ثار", "زار", "جار", "حار", "ماء"]
    assert len({fold(word) for word in words}) == len(words)


def test_ordinary_letters_change_persian_forms_and_nothing_else():
    assert ordinary_letters("کوریا الشمالیة") == "كوريا الشمالية"
    assert ordinary_letters("أإآىةؤئء ًّـ ٣") == "أإآىةؤئء ًّـ ٣"
