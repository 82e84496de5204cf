import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines.features import NEAR, document, marks, readable
from corpus.records import Target
from tests.baselines.conftest import TARGETS, article

CLUB = TARGETS[1]


def test_a_question_about_the_article_reads_folded_title_and_text_and_nothing_else() -> None:
    assert document(article(1, "فوزٌ كبير", "إنّ مدرسة (و)مَن.")) == "فوز كبير ان مدرسه و من"


def test_words_of_the_sentences_that_name_the_target_are_told_apart() -> None:
    mark = marks(TARGETS)["club"]
    told = document(article(1, "عنوان", "خسر للنوارس 3.5 نقطة! وفاز غيرهم."), CLUB, mark)
    near = ["خسر", "للنوارس", "3", "5", "نقطه"]
    assert told.split(" ") == (
        ["عنوان", *near, "وفاز", "غيرهم", mark, *(NEAR + word for word in near), *(mark + word for word in near)]
    )


@pytest.mark.parametrize(
    ("text", "names_it"),
    [("والنوارس", True), ("نوارس", True), ("بالنوارس", True), ("النوارسة", False), ("شالنوارس", False)],
)
def test_a_phrase_is_found_as_a_whole_word_with_its_prefixes(text: str, names_it: bool) -> None:
    assert (NEAR in document(article(1, "", text), CLUB, "m")) is names_it


def test_an_article_that_does_not_name_its_target_keeps_the_mark_alone() -> None:
    assert document(article(1, "خبر", "نص"), CLUB, "m") == "خبر نص m"


def test_two_targets_of_one_article_read_differently() -> None:
    both = article(1, "", "جسر الوادي جميل. النوارس فاشل.")
    one, other = (document(both, target, marks(TARGETS)[target.id]) for target in TARGETS)
    assert f"{NEAR}جميل" in one.split() and f"{NEAR}فاشل" not in one.split()
    assert f"{NEAR}فاشل" in other.split() and f"{NEAR}جميل" not in other.split()


def test_marks_do_not_depend_on_the_order_of_targets() -> None:
    assert marks(TARGETS) == marks(TARGETS[::-1])
    assert len({NEAR, *marks(TARGETS).values()}) == 3


@given(st.text(), st.text(max_size=20))
def test_no_text_can_forge_a_mark(text: str, phrase: str) -> None:
    target = Target("t", {"ar": "ت"}, "claim", [phrase or "x"])
    words = document(article(1, None, text)).split()
    assert not any(NEAR in word or "\U000f0001" in word for word in words)
    assert document(article(1, None, text), target, "\U000f0001").split()[: len(words)] == words


def test_features_are_readable() -> None:
    mark = marks(TARGETS)["club"]
    names = {mark: "نادي النوارس"}
    assert readable("word__كبير جدا", names) == ("words", "anywhere", "كبير جدا")
    assert readable(f"word__{NEAR}فاز {NEAR}امس", names) == ("words", "near target", "فاز امس")
    assert readable(f"char__ {mark}فا", names) == ("characters", "near نادي النوارس", "␣فا")
    assert readable(f"word__{mark}", names) == ("words", "target", "نادي النوارس")
