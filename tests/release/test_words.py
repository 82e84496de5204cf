import sys

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.release.papers import words

BLANKS = "".join(char for char in map(chr, range(sys.maxunicode)) if char.isspace())
NEAR = "\x08\x0e\x1b!\x84\x86\xa1\u1681\u1fff\u200b\u2027\u202a\u2030\u205e\u2060\u2fff\u3001\ufeff"  # and are not blank
CHARS = st.sampled_from([*BLANKS, *NEAR, *"اbé🙂"])


@given(st.lists(st.text(CHARS, max_size=8), max_size=6), st.integers(0, 3))
def test_words_are_what_stands_between_white_space(texts, skipped):
    meant = [len(text.split()) for text in texts]
    assert words.counts(pa.array(texts, pa.string())).tolist() == meant
    assert words.counts(pa.array(texts, pa.string())[skipped:]).tolist() == meant[skipped:]


@pytest.mark.parametrize("char", BLANKS)
def test_every_kind_of_white_space_parts_words(char):
    assert words.counts(pa.array([f"{char}قال{char}{char}له", char, f"نعم{char}"])).tolist() == [2, 0, 1]
