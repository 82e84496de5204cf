import hashlib
import hmac
from itertools import pairwise
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from corpus.release.withhold import align
from corpus.release.withhold.align import compare, fingerprint, folded, folded_with_map, span_hash

TEXTS = st.text(st.one_of(st.sampled_from("اأإىيةهًَـ \n\t٣3aA\u00a0\u2028"), st.characters(exclude_categories=["Cs"])))
WORDS = [f"كلمة{number}" for number in range(400)]
TEXT = folded(" ".join(WORDS))


@given(TEXTS)
@example(" \n ")
@example("ـ ـ")
def test_the_map_gives_the_folded_text_and_where_each_character_came_from(text):
    mapped = folded_with_map(text)
    assert mapped.text == folded(text)
    assert len(mapped.offsets) == len(mapped.text)
    assert mapped.offsets == sorted(mapped.offsets)
    for char, offset in zip(mapped.text, mapped.offsets, strict=True):
        assert text[offset].isspace() if char == " " else char in folded(text[offset])


@given(TEXTS, st.data())
def test_a_passage_is_found_where_it_stands(text, data):
    start = data.draw(st.integers(0, len(text)))
    first, last = folded_with_map(text).span(start, data.draw(st.integers(start, len(text))))
    whole = folded(text)
    place = align.find(whole, last - first, span_hash(whole, first, last))
    # Where the passage and all around it repeat, the first of the equal places is found.
    assert place is None if first == last else whole[slice(*place)] == whole[first:last]


def test_a_passage_has_another_hash_in_other_surroundings():
    hashed = span_hash("قال الوزير نعم ثم خرج", 11, 14)
    assert len(hashed) == 32
    assert hashed == span_hash("قال الوزير نعم ثم خرج", 11, 14)
    assert hashed != span_hash("قال المدير نعم ثم خرج", 11, 14)
    assert hashed != span_hash("نعم", 0, 3)


def test_no_hash_has_a_published_hash_for_its_key():
    """HMAC puts SHA-256 of a long key in its place, and that of the folded text is released."""
    digest = hashlib.sha256(TEXT.encode()).digest()
    assert align.part_hash(TEXT, "عنوان") != hmac.digest(digest, folded("عنوان").encode(), "sha256").hex()[:32]


def test_a_fingerprint_has_16_bits_for_each_whole_run():
    assert len(fingerprint(TEXT)) == 400 // 8 * 4
    assert fingerprint("سبع كلمات لا تكفي لبصمة واحدة هنا") == ""
    assert fingerprint(TEXT)[:4] == fingerprint(" ".join(TEXT.split()[:8]))


def copy(words):
    return folded(" ".join(words))


def test_a_part_of_the_text_is_partial_with_its_share():
    assert compare(fingerprint(TEXT), 400, copy(WORDS[:200])) == align.Match("partial", 0.5)
    assert compare(fingerprint(TEXT), 400, copy(WORDS[200:])) == align.Match("partial", 0.5)
    # 100 = 12 runs and 4 words: runs 13 to 24 are whole, the first and last are cut.
    assert compare(fingerprint(TEXT), 400, copy(WORDS[100:200])) == align.Match("partial", 12 / 50)
    more = [f"زيادة{number}" for number in range(50)]
    assert compare(fingerprint(TEXT), 400, copy([*more, *WORDS, *more])) == align.Match("partial", 1.0)


def test_an_edited_text_is_drifted_with_its_share():
    for at in (0, 20, 200, 391):  # one word of one run, and one word more, which moves all that follow
        assert compare(fingerprint(TEXT), 400, copy([*WORDS[:at], "غيرها", "زائدة", *WORDS[at + 1 :]])).score == 49 / 50
    assert compare(fingerprint(TEXT), 400, copy([*WORDS[:203], "غيرها", *WORDS[203:]])) == align.Match("drifted", 49 / 50)


def test_runs_in_another_order_count_once():
    assert compare(fingerprint(TEXT), 400, copy(WORDS[240:] + WORDS[:240])) == align.Match("partial", 30 / 50)


def test_another_text_is_missing():
    other = copy(f"غير{number}" for number in range(400))
    assert compare(fingerprint(TEXT), 400, other).status == "missing"
    assert compare(fingerprint("قصير"), 1, "نص") == align.Match("missing", 0.0)
    assert compare(fingerprint(TEXT), 400, "") == align.Match("missing", 0.0)


@given(st.lists(st.sampled_from("ابت"), max_size=12), st.lists(st.sampled_from("ابتث"), max_size=20))
def test_the_chain_is_a_longest_one_in_order(runs, words):
    """Against the plain recurrence, on runs of one word, which repeat."""
    with patch.object(align, "RUN", 1):
        wanted = [align._digits([run], 0) for run in runs]
        digits = [align._digits(words, at) for at in range(len(words))]
        chain = align._chain(wanted, words)
    longest = [[0] * (len(digits) + 1) for _ in range(len(wanted) + 1)]
    for i, run in enumerate(wanted):
        for j, found in enumerate(digits):
            longest[i + 1][j + 1] = max(longest[i][j + 1], longest[i + 1][j], longest[i][j] + (run == found))
    assert len(chain) == longest[-1][-1]
    assert all(wanted[number] == digits[at] for number, at in chain)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(chain))
