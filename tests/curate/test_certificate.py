"""The certificate: figures worked by hand, a second method held against plain sets, and leaks that must be found."""

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import store
from corpus.articles.convert import convert
from corpus.curate import certificate
from corpus.curate.borders import LEAK, Sides
from corpus.curate.duplicates import duplicates
from corpus.curate.splits import split
from corpus.errors import CheckError
from corpus.records import Article, Gold


def compared(*sides, steps=10**9):
    """The borders of sides given as lists of texts; an id is side.number."""
    made = Sides([str(n) for n in range(len(sides))])
    for n, texts in enumerate(sides):
        for i, text in enumerate(texts):
            made.add(str(n), f"{n}.{i}", text)
    return made.borders(steps)


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


texts = st.lists(st.lists(st.sampled_from("ab"), min_size=1, max_size=14).map(" ".join), min_size=1, max_size=8)


@given(texts, texts)
def test_the_same_as_plain_sets(first, second):
    [border] = compared(first, second)
    every = [plain(a, b) for a, b in product(first, second)]
    assert (border.closest.jaccard if border.closest else 0.0) == max(every)
    assert sorted(p.jaccard for p in border.leaks) == sorted(j for j in every if j >= LEAK)


@given(texts, texts, st.integers(0, 30))
def test_a_bounded_search_measures_right_and_says_how_many_texts_it_is_blind_for(first, second, steps):
    [border] = compared(first, second, steps=steps)
    seen = {(p.first, p.second): p.jaccard for p in border.leaks}
    missed = {f"0.{i}" for i, j in product(range(len(first)), range(len(second)))
              if plain(first[i], second[j]) >= LEAK and (f"0.{i}", f"1.{j}") not in seen}  # fmt: skip
    assert len(missed) <= border.blind
    assert all(plain(first[int(a[2:])], second[int(b[2:])]) == jaccard for (a, b), jaccard in seen.items())


def test_an_agencys_sentence_everywhere_is_skipped_and_hides_nothing():
    stock = "وقالت الوكالة في بيان لها اليوم إن"
    first, second = ([f"{stock} " + " ".join(f"{s}{n}x{i}" for i in range(20)) for n in range(50)] for s in "ab")
    [border] = compared(first, [*second, first[7]], steps=2000)
    assert border.skipped and not border.blind
    assert [(p.first, p.second, p.exact) for p in border.leaks] == [("0.7", "1.50", True)]


@pytest.fixture
def leaky(corpus_folder, tmp_path):
    """Two hundred pairs of copies, and no duplicates.jsonl that says so."""
    lines = [
        {"id": f"{n}{copy}", "title": f"<b>{n}</b>", "text": f"{' '.join(f'w{n}x{i}' for i in range(40))} {copy}"}
        for n in range(200)
        for copy in "ab"
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    convert(corpus_folder, [tmp_path / "in.jsonl"])
    return corpus_folder


def test_a_fault_of_duplicates_is_seen_and_no_split_is_written(leaky):
    with pytest.raises(CheckError, match="between train and test") as error:
        split(leaky)
    assert error.value.exit_code == 1 and not leaky.splits.exists()
    written = json.loads((leaky.reports / "split.json").read_bytes())
    for border in written["borders"]:  # 41 words are 37 5-grams, and the last is not shared
        assert border["leaks"] and all(pair["jaccard"] == 36 / 38 for pair in border["leaks"])
    page = (leaky.reports / "split.html").read_text("utf-8")
    assert "This split was not kept" in page and "<b>1" not in page and "&lt;b&gt;" in page


def test_with_duplicates_the_same_corpus_is_certified(leaky):
    duplicates(leaky)
    report = split(leaky)
    assert report.larger_groups == 200 and all(border.closest is None for border in report.borders)
    page = (leaky.reports / "split.html").read_text("utf-8")
    assert "No text is on two sides" in page and "http" not in page and "<script" not in page


def test_labels_are_counted_by_side(leaky):
    duplicates(leaky)
    ids = [a.id for a in store.read(leaky.articles, Article)]
    values = ["favor", "against", None, ["favor", "against"]]
    store.write(leaky.gold, [Gold(id, None, None, "stance", values[n % 4], {}, {}, "majority", "agreed")
                             for n, id in enumerate(ids)])  # fmt: skip
    split(leaky)
    written = json.loads((leaky.reports / "split.json").read_bytes())
    labels = written["labels"]["stance"]
    assert {label: sum(sides.values()) for label, sides in labels.items()} == {"favor": 200, "against": 200, "(tied)": 100}
    assert sum(written["articles"].values()) == 400 and sum(written["groups"].values()) == 200
    assert list(labels["favor"]) == certificate.SIDES


def test_the_second_method_shares_no_code_with_the_first():
    import inspect

    from corpus.curate import borders

    source = inspect.getsource(borders) + inspect.getsource(certificate)
    assert "import" in source and "curate.duplicates" not in source and "CountVectorizer" not in source
