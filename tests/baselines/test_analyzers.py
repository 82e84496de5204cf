"""The analyzer, by hand: each option alone, and what is always done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines.analyzers import Analyzer, stemmed

ALL = Analyzer()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("كِتــابٌ أحمدُ", "كتاب احمد"),
        ("رااااائع جدااا 1000", "رايع جدا 1000"),
        ("#تمكين_المرأة الآن", "#تمكين_المراه تمكين المراه الان"),
        ("نعم🙏🏼لا!", "نعم 🙏 🏼 لا !"),
        ("@someone انظر https://a.example/x?y=1", "@ انظر url"),
        ("Sooo GOOD", "so good"),
        ("", ""),
    ],
)
def test_all_options_on(text: str, tokens: str) -> None:
    assert ALL.tokens(text) == tokens


def test_each_option_off() -> None:
    assert Analyzer(fold=False).tokens("أَحمد Good") == "أَحمد Good"
    assert Analyzer(elongation=False).tokens("جدااا") == "جدااا"
    assert Analyzer(hashtags=False).tokens("#a_b c") == "#a_b c"
    assert Analyzer(emoji=False).tokens("نعم 🙏 لا !") == "نعم لا !"


def test_stems_keep_signs_and_hashtags() -> None:
    assert stemmed("بالكتاب ! #بالكتاب").split()[1:] == ["!", "#بالكتاب"]
    assert stemmed("بالكتاب") == stemmed("الكتاب")


@given(st.text(), st.builds(Analyzer, *[st.booleans()] * 4))
def test_tokens_are_parted_by_single_spaces(text: str, analyzer: Analyzer) -> None:
    tokens = analyzer.tokens(text)
    assert tokens == " ".join(tokens.split())
    assert len(stemmed(tokens).split()) == len(tokens.split())


@given(st.text(st.sampled_from("اأجد1aِ_#@\n\r\u2028 !🙏")), st.builds(Analyzer, *[st.booleans()] * 4))
def test_tokens_do_not_go_over_the_end_of_a_line(text: str, analyzer: Analyzer) -> None:
    assert analyzer.tokens(text) == analyzer._tokens(text)
