"""Copies: exact, near, partial, on texts worked by hand and on real articles."""

import pytest

from corpus import store, workspace
from corpus.curate.duplicates import duplicates
from corpus.records import Article, Block, Duplicate, Origin, short_id, text_sha256


def article(name: str, text: str, published: str | None = "2024-01-01") -> Article:
    return Article(
        id=short_id(name), url=None, title=name, text=text, source=None, author=None, published=published, section=None,
        keywords=[], language="ar", parent=None, related=[], blocks=[Block("paragraph", 0, len(text))], embeds=[],
        sha256=text_sha256(text), origin=Origin(name, "jsonl", 1, "0" * 64, "jsonl/1"),
    )  # fmt: skip


def found(space, *articles: Article) -> dict[str, tuple[str, float, str]]:
    """Name of each article in a cluster → name of its cluster's head, similarity and kind."""
    store.write_sorted(space.articles, articles, key=lambda a: a.id)
    names = {a.id: a.title for a in articles}
    report = duplicates(space)
    rows = list(store.read(space.duplicates, Duplicate))
    assert (report.articles, report.in_clusters, report.clusters) == (len(articles), len(rows), len({r.cluster for r in rows}))
    assert sum(report.kinds.values()) == len(rows) - report.clusters
    return {names[row.article_id]: (names[row.cluster], row.similarity, row.kind) for row in rows}


def words(*numbers: int) -> str:
    return " ".join(f"كلمة{n}" for n in numbers)


def test_texts_that_fold_to_the_same_are_exact_copies(corpus_folder):
    rows = found(
        corpus_folder,
        article("a", "أعلنت الحكومة، الأحد، خطةً جديدة للإسكان في العاصمة.", "2024-01-02"),
        article("b", "اعلنت الحكومه،  الاحد، خطة جديده للاسكان\nفي العاصمه.", "2024-01-01"),
        article("c", "أعلنت المعارضة، الاثنين، رفضها الخطة الجديدة للإسكان."),
    )
    assert rows == {"b": ("b", 1.0, "exact"), "a": ("b", 1.0, "exact")}


def test_a_near_copy_has_the_jaccard_similarity_worked_by_hand(corpus_folder):
    # 40 words are 36 shingles. One word more at the end is one shingle more: 36 of 37 = 0.973.
    # The last word replaced: 35 shared of 36 + 36 - 35 = 37: 0.9459.
    base = range(40)
    rows = found(
        corpus_folder,
        article("a", words(*base)),
        article("longer", words(*base, 99), "2024-02-01"),
        article("replaced", words(*range(39), 98), "2024-02-02"),
    )
    assert rows == {"a": ("a", 1.0, "exact"), "longer": ("a", 0.973, "near"), "replaced": ("a", 0.9459, "near")}


@pytest.mark.parametrize(("changed", "similarity"), [(1, 0.8182), (2, None)])
def test_the_border_of_near_is_at_eight_tenths(corpus_folder, changed, similarity):
    # 54 words are 50 shingles; a word changed in the middle changes 5 of them.
    # Once: 45 / 55 = 0.8182. Twice: 40 / 60 = 0.667, no copy, for neither holds 0.9 of the other.
    text = list(range(54))
    for place in (20, 30)[:changed]:
        text[place] += 1000
    rows = found(corpus_folder, article("a", words(*range(54))), article("b", words(*text), "2024-02-01"))
    assert rows == ({"a": ("a", 1.0, "exact"), "b": ("a", similarity, "near")} if similarity else {})


def test_a_text_printed_whole_inside_a_longer_one_is_a_partial_copy(corpus_folder):
    # 20 words (16 shingles) inside 100 (96): 16 / 96 = 0.1667.
    rows = found(corpus_folder, article("flash", words(*range(20))), article("story", words(*range(100)), "2024-02-01"))
    assert rows == {"flash": ("flash", 1.0, "exact"), "story": ("flash", 0.1667, "partial")}


def test_a_stock_sentence_that_stands_alone_joins_no_articles(corpus_folder):
    stock = words(1, 2, 3, 4, 5, 6)
    stories = [article(f"s{n}", f"{words(*range(100 * n, 100 * n + 60))} {stock}") for n in (1, 2, 3)]
    assert found(corpus_folder, article("stock", stock), *stories) == {}


@pytest.mark.parametrize(("size", "copies"), [(13, 0), (14, 2)])
def test_a_partial_copy_has_ten_shingles_at_least(corpus_folder, size, copies):
    # 13 words are 9 shingles, 14 are 10; all of them are in the story
    rows = found(corpus_folder, article("flash", words(*range(size))), article("story", words(*range(100)), "2024-02-01"))
    assert len(rows) == copies


def test_articles_that_share_only_common_phrases_are_no_copies(corpus_folder):
    shared = words(*range(10))
    assert (
        found(
            corpus_folder,
            article("a", f"{shared} {words(*range(20, 60))}"),
            article("b", f"{shared} {words(*range(70, 110))}"),
        )
        == {}
    )


def test_short_texts_are_copies_only_when_they_are_equal(corpus_folder):
    rows = found(
        corpus_folder,
        article("a", "عاجل"),
        article("b", "عاجل", "2024-02-01"),
        article("c", "عاجل الآن"),
        article("d", "هذا خبر قصير جدا"),
        article("e", "هذا خبر قصير جدا فعلا"),
    )
    assert rows == {"a": ("a", 1.0, "exact"), "b": ("a", 1.0, "exact")}


def test_the_head_is_the_earliest_and_the_undated_come_last(corpus_folder):
    text = words(*range(30))
    days = {"none": None, "late": "2024-03-01", "early": "2023-12-31", "hour": "2023-12-31T10:00"}
    rows = found(corpus_folder, *(article(name, text, day) for name, day in days.items()))
    assert {head for head, *_ in rows.values()} == {"early"} and rows.keys() == days.keys()


def test_a_chain_of_copies_is_one_cluster(corpus_folder):
    # a~b and b~c at 0.8182, a and c share 40 of 60.
    once, twice = list(range(54)), list(range(54))
    once[20] = twice[20] = 1020
    twice[30] = 1030
    rows = found(
        corpus_folder,
        article("a", words(*range(54))),
        article("b", words(*once), "2024-02-01"),
        article("c", words(*twice), "2024-02-02"),
    )
    assert [rows[name][:2] for name in "abc"] == [("a", 1.0), ("a", 0.8182), ("a", 0.6667)]


@pytest.mark.parametrize("texts", [[], ["نص واحد"], ["ـ", "ً"]])
def test_a_corpus_of_nothing_or_next_to_nothing_is_no_error(corpus_folder, texts):
    rows = found(corpus_folder, *(article(f"n{n}", text) for n, text in enumerate(texts)))
    assert set(rows) <= {"n0", "n1"}


def test_the_same_corpus_gives_the_same_bytes(corpus_folder):
    articles = [article(str(n), words(*range(n % 5, 40))) for n in range(12)]
    found(corpus_folder, *articles)
    before = corpus_folder.duplicates.read_bytes()
    found(corpus_folder, *articles[::-1])
    assert corpus_folder.duplicates.read_bytes() == before


def test_real_arabic_articles_do_not_collapse_into_each_other(ant_corpus, tmp_path):
    workspace.create(tmp_path / "ant")
    space = workspace.find(tmp_path / "ant")
    space.articles.symlink_to(ant_corpus[0].articles)
    report = duplicates(space)
    assert 40 <= report.in_clusters <= 400
    sizes: dict[str, int] = {}
    for row in store.read(space.duplicates, Duplicate):
        sizes[row.cluster] = sizes.get(row.cluster, 0) + 1
    assert max(sizes.values()) <= 6
