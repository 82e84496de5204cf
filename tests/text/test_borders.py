"""The closest texts across a border: figures worked by hand, and held against plain sets of tuples."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from corpus.text.borders import CONTAINED, CONTAINED_FROM, LEAK, Sides


def compared(*sides, steps=10**9, index=10**6):
    """The borders of sides given as lists of texts; an id is side.number."""
    with Sides([str(n) for n in range(len(sides))]) as made:
        for n, texts in enumerate(sides):
            for i, text in enumerate(texts):
                made.add(str(n), f"{n}.{i}", text)
        return made.borders(steps, index)


def plain(a, b):
    """Jaccard of two texts, by sets of tuples."""
    first, second = ({tuple(w[i : i + 5]) for i in range(max(1, len(w) - 4))} for w in (a.split(), b.split()))
    return len(first & second) / len(first | second)


def test_the_closest_pair_by_hand():
    # 8 words are 4 5-grams; the last word changed leaves 3 of 5
    [border] = compared(["a b c d e f g h", "p q r s t u"], ["v w x y z", "a b c d e f g i"])
    assert (border.closest.first, border.closest.second, border.closest.jaccard) == ("0.0", "1.1", 3 / 5)
    assert border.leaks == [] and border.skipped == border.blind == 0


def test_a_leak_is_found_whatever_the_spelling_and_exact_is_told_from_near():
    words = [f"كلمة{n}" for n in range(30)]
    near = [*words[:-1], "أخرى"]
    borders = compared([" ".join(words)], [" ".join(words).replace("ة", "ه")], [" ".join(near)])
    assert [(b.first, b.second) for b in borders] == [("0", "1"), ("0", "2"), ("1", "2")]
    assert [[(p.jaccard, p.exact) for p in b.leaks] for b in borders] == [
        [(1.0, True)],
        [(25 / 27, False)],
        [(25 / 27, False)],
    ]


def test_short_texts_are_one_5_gram_and_texts_without_a_word_are_left_out():
    [border] = compared(["a b", "", " \n"], ["a b c", "a b"])
    assert [(p.first, p.second) for p in border.leaks] == [("0.0", "1.1")]
    [border] = compared(["a b"], [""])
    assert border.closest is None and border.leaks == []


def part(a, b):
    """The part of the shorter text's 5-grams that is in the other; 0 if it has less than ten."""
    first, second = ({tuple(w[i : i + 5]) for i in range(max(1, len(w) - 4))} for w in (a.split(), b.split()))
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter >= CONTAINED_FROM else 0.0


texts = st.lists(st.lists(st.sampled_from("ab"), min_size=1, max_size=24).map(" ".join), min_size=1, max_size=8)


@given(texts, texts, st.sampled_from([1, 20, 10**6]))
def test_the_same_as_plain_sets_however_small_the_pieces_of_the_index(first, second, index):
    [border] = compared(first, second, index=index)
    every = [(plain(a, b), part(a, b)) for a, b in product(first, second)]
    assert (border.closest.jaccard if border.closest else 0.0) == max(j for j, _ in every)
    assert (border.largest_part.contained if border.largest_part else 0.0) == max(c for _, c in every)
    leaks = sorted((j, c) for j, c in every if j >= LEAK or c >= CONTAINED)
    assert sorted((p.jaccard, p.contained) for p in border.leaks) == leaks


def test_a_text_inside_a_longer_one_is_a_leak_from_ten_5_grams_on():
    story = [f"w{n}" for n in range(60)]
    inside = story[20:34]  # 14 words are ten 5-grams, all of them among the 56 of the story
    [border] = compared([" ".join(story)], [" ".join(inside), " ".join(story[:13])])
    assert [(p.second, p.contained, p.jaccard) for p in border.leaks] == [("1.0", 1.0, 10 / 56)]
    [border] = compared([" ".join(story)], [" ".join([*inside, "x", "y", "z"])])  # 13 5-grams, three of them new
    assert border.leaks == [] and border.largest_part.contained == 10 / 13


@given(texts, texts, st.integers(0, 30))
def test_a_bounded_search_measures_right_and_says_how_many_texts_it_is_blind_for(first, second, steps):
    [border] = compared(first, second, steps=steps)
    seen = {(p.first, p.second): p.jaccard for p in border.leaks}
    places = {(f"0.{i}", f"1.{j}"): (a, b) for (i, a), (j, b) in product(enumerate(first), enumerate(second))}
    missed = [ids for ids, (a, b) in places.items() if plain(a, b) >= LEAK and ids not in seen]
    assert min(len({a for a, _ in missed}), len({b for _, b in missed})) <= border.blind
    assert border.blind or not any(part(a, b) >= CONTAINED for ids, (a, b) in places.items() if ids not in seen)
    assert all(plain(first[int(a[2:])], second[int(b[2:])]) == jaccard for (a, b), jaccard in seen.items())


def test_an_agencys_sentence_everywhere_is_skipped_and_hides_nothing():
    stock = "وقالت الوكالة في بيان لها اليوم إن"
    first, second = ([f"{stock} " + " ".join(f"{s}{n}x{i}" for i in range(20)) for n in range(50)] for s in "ab")
    [border] = compared(first, [*second, first[7]], steps=2000)
    assert border.skipped and not border.blind
    assert [(p.first, p.second, p.exact) for p in border.leaks] == [("0.7", "1.50", True)]
