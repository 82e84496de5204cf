"""Splits: what belongs together stays together, and growing the corpus moves nothing."""

import json

import pytest
from golden import PAGES

from corpus import store
from corpus.articles.convert import convert
from corpus.curate.duplicates import duplicates
from corpus.curate.splits import split
from corpus.errors import CheckError, CorpusError
from corpus.records import Article, Duplicate, Split
from corpus.workspace import Workspace


def sides(space) -> dict[str, Split]:
    return {row.article_id: row for row in store.read(space.splits, Split)}


def policy(space, **changes) -> Workspace:
    config = space.root / "warraq.toml"
    lines = config.read_text("utf-8").splitlines()
    for name, value in changes.items():
        lines = [f"{name} = {value}" if line.startswith(f"{name} =") else line for line in lines]
    config.write_text("\n".join(lines), "utf-8")
    return Workspace(space.root)


def rows(path, *numbers, **more):
    path.write_text(
        "".join(json.dumps({"text": " ".join(f"w{n}x{i}" for i in range(30)), "id": n} | more) + "\n" for n in numbers)
    )
    return path


@pytest.fixture
def pages(corpus_folder):
    """The sample's pages, with articles printed inside others and copies."""
    convert(corpus_folder, [PAGES])
    duplicates(corpus_folder)
    return corpus_folder


@pytest.fixture
def many(corpus_folder, tmp_path):
    convert(corpus_folder, [rows(tmp_path / "many.jsonl", *range(2000))])
    return corpus_folder


def test_no_group_crosses_the_border(pages):
    report = split(pages)
    side = sides(pages)
    articles = list(store.read(pages.articles, Article))
    assert side.keys() == {a.id for a in articles}
    inner = [(a.id, a.parent) for a in articles if a.parent]
    copies = [
        (row.article_id, row.cluster) for row in store.read(pages.duplicates, Duplicate) if row.article_id != row.cluster
    ]
    assert inner and copies and report.larger_groups > 0
    for first, second in inner + copies:
        assert (side[first].split, side[first].group) == (side[second].split, side[second].group)


def test_a_group_is_named_by_its_smallest_article(pages):
    split(pages)
    groups: dict[str, list[str]] = {}
    for row in sides(pages).values():
        groups.setdefault(row.group, []).append(row.article_id)
    assert all(min(members) == group for group, members in groups.items())


def test_the_counts_add_up_and_the_shares_are_met(many):
    report = split(many)
    assert sum(report.splits.values()) == report.articles == report.groups == 2000 and report.larger_groups == 0
    assert report.splits["train"] == pytest.approx(1400, abs=80)
    assert report.splits["test"] == pytest.approx(300, abs=60)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_split(many):
    split(many)
    before = many.splits.read_bytes()
    split(many)
    assert many.splits.read_bytes() == before
    split(policy(many, seed=2))
    assert many.splits.read_bytes() != before


def test_growing_the_corpus_moves_no_article(many, tmp_path):
    split(many)
    before = sides(many)
    convert(many, [rows(tmp_path / "more.jsonl", *range(2000, 2500))])
    split(many)
    after = sides(many)
    assert len(after) == 2500 and all(after[id] == row for id, row in before.items())


def test_a_new_share_of_validation_moves_no_article_out_of_train(many):
    split(many)
    train = {id for id, row in sides(many).items() if row.split == "train"}
    split(policy(many, validation=0.1, test=0.2))
    assert {id for id, row in sides(many).items() if row.split == "train"} == train


@pytest.mark.parametrize(
    "changes", [{"train": 0.8}, {"train": 1.2, "test": -0.35}, {"train": 0.0}, {"train": "nan"}, {"train": "inf"}]
)
def test_shares_that_do_not_add_up_are_an_error(many, changes):
    with pytest.raises((CorpusError, CheckError)) as error:
        split(policy(many, **changes))
    assert error.value.fix and not many.splits.exists()


def test_a_split_that_would_be_empty_is_a_failed_check_and_writes_nothing(corpus_folder, tmp_path):
    convert(corpus_folder, [rows(tmp_path / "few.jsonl", 1, 2)])
    with pytest.raises(CheckError, match="would be empty") as error:
        split(corpus_folder)
    assert error.value.exit_code == 1 and not corpus_folder.splits.exists()


def test_a_share_of_nothing_may_be_empty(many):
    report = split(policy(many, train=0.5, validation=0.0, test=0.5))
    assert report.splits.keys() == {"train", "test"}


def test_duplicates_of_articles_that_are_gone_are_an_error_that_says_what_to_run(many):
    store.write(many.duplicates, [Duplicate("0" * 16, "1" * 16, 1.0, "exact")])
    with pytest.raises(CorpusError, match="warraq duplicates"):
        split(many)
    assert not many.splits.exists()
