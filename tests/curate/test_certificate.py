"""The certificate: figures worked by hand, a second method held against plain sets, and leaks that must be found."""

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import store
from corpus.articles.convert import convert
from corpus.curate import certificate
from corpus.curate.duplicates import duplicates
from corpus.curate.groups import SIDES
from corpus.curate.splits import split
from corpus.errors import CheckError
from corpus.records import Article, Duplicate, Gold, Split
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


def test_the_page_shows_the_closest_pair_and_the_largest_part(corpus_folder, tmp_path):
    """Article 0 has 11 of the 16 5-grams of article 1 among its many; 2 and 3 are closer, with less of one in the other."""
    texts = [
        [f"a{n}" for n in range(200)],
        [*(f"a{n}" for n in range(15)), *(f"b{n}" for n in range(5))],
        [f"c{n}" for n in range(60)],
        [*(f"c{n}" for n in range(30)), *(f"d{n}" for n in range(30))],
    ]
    rows = [json.dumps({"id": n, "title": f"title {n}", "text": " ".join(words)}) for n, words in enumerate(texts)]
    (tmp_path / "in.jsonl").write_text("\n".join(rows), "utf-8")
    convert(corpus_folder, [tmp_path / "in.jsonl"])
    ids = {a.title: a.id for a in store.read(corpus_folder.articles, Article)}
    rows = [Split(id, "train" if title[-1] in "02" else "test", id) for title, id in ids.items()]
    made = certificate.certify(corpus_folder, rows, certificate.Facts({}, {}, False, {}))
    border = made.borders[1]
    assert (border.closest.first, border.closest.jaccard) == (ids["title 2"], 26 / 86)
    assert (border.largest_part.first, border.largest_part.contained) == (ids["title 0"], 11 / 16)
    page = (corpus_folder.reports / "split.html").read_text("utf-8")
    assert all(title in page for title in ids) and "0.302" in page and "0.688" in page and not border.leaks


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
    assert list(labels["favor"]) == SIDES


def test_the_second_method_shares_no_code_with_the_first():
    import inspect

    from corpus.text import borders, overlap

    source = "".join(map(inspect.getsource, (borders, overlap, certificate)))
    assert "import" in source and "curate.duplicates" not in source and "CountVectorizer" not in source


def test_both_methods_mean_the_same_by_a_copy(corpus_folder, tmp_path):
    """Pairs around every limit: 13 to 60 words, of which the second text has the first so many, and some of its own."""
    pairs = []
    for size, same, own in product((13, 14, 15, 24, 60), (12, 13, 14, 15, 22, 23, 24, 54, 57), (0, 1, 2, 3, 8)):
        words = [f"p{len(pairs)}w{i}" for i in range(size)]
        pairs.append((" ".join(words), " ".join([*words[:same], *(f"p{len(pairs)}x{i}" for i in range(own))])))
    rows = [json.dumps({"id": f"{n}-{side}", "text": text}) for n, pair in enumerate(pairs) for side, text in enumerate(pair)]
    (tmp_path / "in.jsonl").write_text("\n".join(rows), "utf-8")
    convert(corpus_folder, [tmp_path / "in.jsonl"])
    duplicates(corpus_folder)
    texts = {a.id: a.text for a in store.read(corpus_folder.articles, Article)}
    first = {(a, b) for a, b in pairs if a != b} & {
        pair
        for row in store.read(corpus_folder.duplicates, Duplicate)
        for pair in product((texts[row.article_id], texts[row.cluster]), repeat=2)
    }
    assert first == {(a, b) for a, b in pairs if a != b and compared([a], [b])[0].leaks}
    assert 0 < len(first) < len(pairs)


def test_how_uneven_and_what_is_missing_by_hand():
    rows = {"favor": [6, 2, 0], "against": [2, 2, 4], "(tied)": [50, 0, 0]}
    counts = {label: dict(zip(SIDES, row, strict=True)) for label, row in rows.items()}
    # of 8, 4 and 4 settled answers favor has 6, 2 and 0; of all 16 it has 8: test is 0.5 off
    assert certificate._unevenness(counts) == 0.5
    assert certificate._unevenness({"(tied)": counts["(tied)"]}) == 0.0
