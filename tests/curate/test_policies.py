"""Policies: who goes to which side, on groups small enough to place by hand, and by properties on any dates."""

import datetime
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import store
from corpus.articles.convert import convert
from corpus.curate.groups import SIDES, Group
from corpus.curate.policies import place
from corpus.curate.splits import split
from corpus.curate.stratify import divide, hashed
from corpus.errors import CheckError, CorpusError
from corpus.records import Article, Item, Split
from corpus.workspace import SplitPolicy, Workspace

OUTLETS = ["النهار", "المنارة", "الميناء"]


class Settings:
    """As much of a workspace as `place` needs where no items are read."""

    def __init__(self, **changes) -> None:
        self.config = self
        self.split = SplitPolicy(**changes)


def temporal(*groups, **shares):
    """The sides of groups given as lists of dates; a group is named by its place."""
    made = [Group(f"{i:04}", [f"{i}-{j}" for j in range(len(d))], list(d), [None] * len(d)) for i, d in enumerate(groups)]
    return place(made, Settings(policy="temporal", **shares))


def configured(space, *lines) -> Workspace:
    config = space.root / "warraq.toml"
    text = config.read_text("utf-8")
    config.write_text(text[: text.index("[split]")] + "[split]\n" + "\n".join(lines), "utf-8")
    return Workspace(space.root)


@pytest.fixture
def outlets(corpus_folder, tmp_path):
    """300 articles of three outlets in turn, one a day."""
    lines = [
        {"id": n, "text": " ".join(f"w{n}x{i}" for i in range(20)), "source": OUTLETS[n % 3], "published": str(day)}
        for n in range(300)
        for day in [datetime.date(2024, 1, 1) + datetime.timedelta(n)]
    ]
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    convert(corpus_folder, [path])
    return corpus_folder


def test_random_sides_are_those_of_the_first_release():
    ids = ["5a1241cb0ff59ca5", "1" * 16, "2" * 16]
    groups = [Group(id, [id], [None], [None]) for id in ids]
    assert place(groups, Settings()).sides == ["train", "train", "test"]
    # SHA-256 of "1", NUL and the id begins so, by sha256sum; as shares of 16**4
    heads = [0x16BF, 0x7223, 0xEE1F]
    assert [head >= 0.85 * 16**4 for head in heads] == [False, False, True] and max(heads[:2]) < 0.7 * 16**4


def test_time_goes_train_validation_test_at_the_shares():
    days = [[f"2024-01-{day:02}"] for day in range(1, 21)]
    placed = temporal(*days, train=0.7, validation=0.15, test=0.15)
    assert placed.sides == ["train"] * 14 + ["validation"] * 3 + ["test"] * 3
    assert placed.detail["validation_from"] == "2024-01-15" and placed.detail["test_from"] == "2024-01-18"


def test_a_border_gives_way_to_a_group_that_would_cross_it():
    # the group of the 3rd and the 6th keeps 3 to 6 together: the border at 0.5 (after the 5th) moves behind the 6th
    days = [[f"2024-01-{day:02}"] for day in (1, 2, 4, 5, 7, 8, 9)]
    placed = temporal(*days, ["2024-01-03", "2024-01-06"], ["2024-01-10"], train=0.5, validation=0.2, test=0.3)
    assert placed.sides == ["train"] * 4 + ["validation", "test", "test"] + ["train", "test"]


def test_equal_days_are_not_divided_and_hours_are_of_their_day():
    placed = temporal(["2024-01-01"], ["2024-01-02T08:00:00Z"], ["2024-01-02"], ["2024-01-02T23:00"], ["2024-01-03"])
    assert placed.sides == ["train", "validation", "validation", "validation", "test"]


def test_a_month_is_all_its_days():
    with pytest.raises(CheckError, match="there are 1 places"):
        temporal(["2024-01"], ["2024-01-20"], ["2024-02-01"])
    assert temporal(["2023"], ["2024-01"], ["2024-02-01"]).sides == ["train", "validation", "test"]


def test_groups_without_a_date_go_to_train_and_are_counted():
    placed = temporal([None, None], ["2024-01-01", None], ["2024-01-02"], train=0.5, validation=0.25, test=0.25)
    assert placed.sides == ["train", "validation", "test"]
    assert placed.detail["undated_articles"] == 2 and placed.detail["undated_articles_of_dated_groups"] == 1


def test_one_group_from_the_first_to_the_last_day_bars_a_split_by_time():
    with pytest.raises(CheckError, match="0 places") as error:
        temporal(*([f"2024-01-{day:02}"] for day in range(1, 29)), ["2024-01-01", "2024-01-28"])
    assert "random" in error.value.fix
    with pytest.raises(CheckError):
        temporal([None], [None])


def frozen(*groups, **shares):
    """The sides of groups given as (side they stand on or None, dates)."""
    made = [Group(f"{i:04}", [f"{i}-{j}" for j in range(len(d))], list(d), [None] * len(d), Counter(), side)
            for i, (side, d) in enumerate(groups)]  # fmt: skip
    return place(made, Settings(policy="temporal", **shares))


STANDING = [("train", ["2024-01-05"]), ("validation", ["2024-02-01"]), ("test", ["2024-03-01"]), ("train", [None])]


def test_new_groups_keep_to_the_borders_that_stand():
    new = [["2023-12-01"], ["2024-01-20"], ["2024-02-29"], ["2024-03-01", "2025-01-01"], [None]]
    placed = frozen(*STANDING, *((None, dates) for dates in new))
    assert placed.sides[4:] == ["train", "train", "validation", "test", "train"]
    assert placed.detail["validation_from"] == "2024-02-01" and placed.detail["test_from"] == "2024-03-01"
    assert placed.detail["undated_articles"] == 2


@pytest.mark.parametrize("late", [("train", ["2024-01-06", "2024-03-02"]), (None, ["2024-01-20", "2024-02-01"]),
                                  (None, ["2024"]), ("validation", ["2024-03-01"])])  # fmt: skip
def test_a_group_across_a_border_that_stands_is_refused_with_its_days(late):
    with pytest.raises(CheckError, match="lasts until 2024") as error:
        frozen(*STANDING, late)
    assert "0004" in error.value.what and "--freeze" in error.value.fix


def test_a_held_out_split_that_stands_takes_more_and_gives_nothing_back():
    outlets = [("x", "test"), ("y", "test"), ("x", "train"), ("y", "train"), ("x", None), ("y", None)]
    groups = [Group(str(i), [str(i)], [None], [o], Counter(), side) for i, (o, side) in enumerate(outlets)]
    placed = place(groups, Settings(policy="held-out-outlets", test_outlets=["x"], train=1.0, validation=0.0, test=0.0))
    assert placed.sides == ["test", "test", "test", "train", "test", "train"]
    assert placed.detail == {"held_out_articles": 3, "other_articles_on_test": 1}


def test_what_is_not_held_out_is_stratified():
    labels = {i: Counter({"s=favor": 1} if i < 20 else {"s=against": 2}) for i in range(30)}
    groups = [Group(f"{i:02}", [str(i)], [None], ["x" if i % 3 == 0 else "y"], labels[i]) for i in range(30)]
    placed = place(groups, Settings(policy="held-out-outlets", test_outlets=["x"], train=0.5, validation=0.5, test=0.0))
    counts = Counter((side, *group.labels) for side, group in zip(placed.sides, groups, strict=True))
    # 13 of the first twenty and 7 of the last ten are not held out
    assert {counts["train", "s=favor"], counts["validation", "s=favor"]} == {6, 7}
    assert {counts["train", "s=against"], counts["validation", "s=against"]} == {3, 4}


group_labels = st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3), max_size=2), min_size=1, max_size=60)


@given(group_labels, st.integers(0, 9))
def test_whatever_the_labels_a_group_of_one_label_is_dealt_as_evenly_as_its_size_allows(rows, seed):
    shares = (0.6, 0.2, 0.2)
    groups = [Group(f"{i:04}", [f"{i:04}"], [None], [None], Counter(labels)) for i, labels in enumerate(rows)]
    sides = divide(groups, shares, seed)
    assert sides == divide(groups, shares, seed)
    assert all(side == hashed(g.id, shares, seed) for g, side in zip(groups, sides, strict=True) if not g.labels)
    for label in "abcd":
        if all(len(labels) == 1 for labels in rows if label in labels):
            for side, share in zip(SIDES, shares, strict=True):
                has = sum(labels.get(label, 0) for labels, placed in zip(rows, sides, strict=True) if placed == side)
                wanted = share * sum(labels.get(label, 0) for labels in rows)
                assert abs(has - wanted) <= 3  # the largest group


dates = st.dates(datetime.date(2024, 1, 1), datetime.date(2024, 3, 1)).map(str)


@given(st.lists(st.lists(dates, min_size=1, max_size=2), min_size=3, max_size=30))
def test_whatever_the_dates_no_day_of_test_is_before_one_of_train(groups):
    try:
        placed = temporal(*groups)
    except CheckError:
        return
    days = {side: [d for s, g in zip(placed.sides, groups, strict=True) if s == side for d in g] for side in placed.sides}
    assert max(days["train"]) < min(days["validation"]) <= max(days["validation"]) < min(days["test"])


def test_a_temporal_split_of_a_corpus(outlets):
    report = split(configured(outlets, 'policy = "temporal"'))
    assert report.splits == {"train": 210, "validation": 45, "test": 45}
    published = {a.id: a.published for a in store.read(outlets.articles, Article)}
    first = min(published[row.article_id] for row in store.read(outlets.splits, Split) if row.split == "test")
    assert report.detail["test_from"] == first == "2024-09-12"  # day 255, the first being 0


def test_a_held_out_outlet_is_test_and_nothing_else_is(outlets):
    report = split(configured(outlets, 'policy = "held-out-outlets"', f'test_outlets = ["{OUTLETS[1]}"]'))
    sources = {a.id: a.source for a in store.read(outlets.articles, Article)}
    rows = list(store.read(outlets.splits, Split))
    assert {sources[row.article_id] for row in rows if row.split == "test"} == {OUTLETS[1]}
    assert report.splits["test"] == 100 == report.detail["held_out_articles"]
    assert report.splits["validation"] == pytest.approx(200 * 0.15 / 0.85, abs=16)


def test_a_group_of_two_outlets_goes_to_test_whole():
    groups = [Group("a", ["a", "b"], [None] * 2, ["x", "y"]), *(Group(str(i), [str(i)], [None], ["y"]) for i in range(9))]
    placed = place(groups, Settings(policy="held-out-outlets", test_outlets=["x"]))
    assert placed.sides[0] == "test" and "test" not in placed.sides[1:]
    assert placed.detail == {"held_out_articles": 1, "other_articles_on_test": 1}


def test_articles_with_an_item_about_a_held_out_target_are_test(outlets):
    ids = [a.id for a in store.read(outlets.articles, Article)]
    targets = ["dam", "bridge", None]
    items = [Item(f"{n:016x}", ids[n // 2], "0" * 64, targets[n % 2 + (n // 2 > 9)], "c@1") for n in range(40)]
    store.write(outlets.items, items)  # the first ten articles are about both, the next ten about the bridge or nothing
    report = split(configured(outlets, 'policy = "held-out-targets"', 'test_targets = ["dam"]'))
    test = {row.article_id for row in store.read(outlets.splits, Split) if row.split == "test"}
    assert test == set(ids[:10]) and report.detail["held_out_articles"] == 10


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['policy = "held-out-outlets"'], "test_outlets = "),
        (['policy = "held-out-outlets"', 'test_outlets = ["النهر"]'], "النهار"),
        (['policy = "held-out-targets"', 'test_targets = ["dam"]'], "items.jsonl does not exist"),
        (['test_outlets = ["النهار"]'], 'policy = "random"'),
        (
            ['policy = "held-out-outlets"', 'test_outlets = ["النهار"]', "train = 0", "validation = 0", "test = 1"],
            "no share",
        ),
    ],
)
def test_settings_that_cannot_be_meant_are_errors(outlets, lines, said):
    with pytest.raises(CorpusError, match=said) as error:
        split(configured(outlets, *lines))
    assert error.value.fix and not outlets.splits.exists()


def test_to_hold_out_everything_is_refused_with_the_reason(outlets):
    names = ", ".join(f'"{outlet}"' for outlet in OUTLETS)
    with pytest.raises(CheckError, match="every article is held out"):
        split(configured(outlets, 'policy = "held-out-outlets"', f"test_outlets = [{names}]"))
    assert not outlets.splits.exists()


def test_an_unknown_policy_is_an_error(outlets):
    with pytest.raises(CorpusError, match="policy"):
        configured(outlets, 'policy = "alphabetical"')
