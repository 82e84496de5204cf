"""Splits: what belongs together stays together, and growing the corpus moves nothing."""

import json
from collections import Counter
from unittest import mock

import msgspec
import pytest
from golden import PAGES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run_warraq import warraq

from corpus import store
from corpus.articles.convert import convert
from corpus.curate.duplicates import duplicates
from corpus.curate.groups import SIDES
from corpus.curate.splits import split
from corpus.errors import CheckError, CorpusError
from corpus.records import Article, Duplicate, Gold, Item, Split
from corpus.workspace import Workspace, create, find


def sides(space) -> dict[str, Split]:
    return {row.article_id: row for row in store.read(space.splits, Split)}


def policy(space, **changes) -> Workspace:
    config = space.root / "warraq.toml"
    lines = config.read_text("utf-8").splitlines()
    for name, value in changes.items():
        lines = [f"{name} = {value}" if line.startswith(f"{name} =") else line for line in lines]
    config.write_text("\n".join(lines), "utf-8")
    return Workspace(space.root)


def gold(space, answers):
    """Write settled answers: article id → label of stance, or None for a tie."""
    store.write(space.gold, [Gold(id, None, None, "stance", v, {}, {}, "majority", "agreed") for id, v in answers.items()])


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


def test_an_address_a_page_and_its_siblings_join_even_if_the_page_itself_is_not_there(corpus_folder, tmp_path):
    convert(corpus_folder, [rows(tmp_path / "many.jsonl", *range(40))])
    articles = list(store.read(corpus_folder.articles, Article))
    ids = [a.id for a in articles]
    changed = {
        3: {"parent": "f" * 16}, 9: {"parent": "f" * 16}, 12: {"related": [ids[20], "e" * 16]},
        30: {"url": "https://a.example/1"}, 31: {"url": "https://a.example/1"},
    }  # fmt: skip
    store.write(corpus_folder.articles, [msgspec.structs.replace(a, **changed.get(n, {})) for n, a in enumerate(articles)])
    report = split(policy(corpus_folder, train=0.4, validation=0.3, test=0.3))
    side = sides(corpus_folder)
    for first, second in ((3, 9), (12, 20), (30, 31)):
        assert side[ids[first]].group == side[ids[second]].group == ids[first]
    assert len(side) == 40 and report.groups == 37
    assert report.joined == {"copy": 0, "address": 1, "page": 4, "claim": 0}


def test_articles_judged_about_one_claim_stay_together_and_about_one_person_do_not(many):
    (many.root / "targets.yaml").write_text(
        "- {id: c, kind: claim, names: {ar: س}, phrases: [س]}\n- {id: p, kind: person, names: {ar: س}, phrases: [س]}\n",
        "utf-8",
    )
    ids = [a.id for a in store.read(many.articles, Article)]
    items = [Item(f"{n:016x}", ids[n], "0" * 64, "c" if n < 50 else "p", "b@1") for n in range(100)]
    store.write(many.items, items)
    report = split(many)
    side = sides(many)
    assert len({side[id].split for id in ids[:50]}) == 1 and len({side[id].split for id in ids[50:100]}) > 1
    assert report.joined["claim"] == 49 and report.groups == 1951


def test_one_claim_about_everything_bars_a_split_and_says_why(many):
    (many.root / "targets.yaml").write_text("- {id: c, kind: claim, names: {ar: س}, phrases: [س]}\n", "utf-8")
    store.write(many.items, [Item(a.id, a.id, "0" * 64, "c", "b@1") for a in store.read(many.articles, Article)])
    with pytest.raises(CheckError, match=r"1 groups .* holds 2000 of 2000 articles, joined 1999 by claim"):
        split(many)
    store.write(many.items, [Item("0" * 16, "0" * 16, "0" * 64, "c", "b@1")])
    with pytest.raises(CorpusError, match="warraq sample"):
        split(many)


def test_each_side_has_its_share_of_every_label(many):
    ids = [a.id for a in store.read(many.articles, Article)]
    labels = ["favor"] * 300 + ["against"] * 60 + ["neutral"] * 20 + [None] * 20
    gold(many, dict(zip(ids, labels, strict=False)))
    split(many)
    side = sides(many)
    counts = Counter((label, side[id].split) for id, label in zip(ids, labels, strict=False))
    for label, total in (("favor", 300), ("against", 60), ("neutral", 20)):
        assert [counts[label, name] for name in SIDES] == [0.7 * total, 0.15 * total, 0.15 * total]


def test_labels_move_few_and_articles_without_one_not_at_all(many):
    split(many)
    before = sides(many)
    ids = list(before)
    gold(many, {id: "favor" if n % 3 else "against" for n, id in enumerate(ids[:600])})
    report = split(many)
    after = sides(many)
    moved = [id for id in ids if after[id].split != before[id].split]
    assert set(moved) <= set(ids[:600]) and len(moved) < 40
    assert sum(report.moved.values()) == len(moved) and set(report.moved_articles) <= set(moved)
    assert {f"{before[id].split} to {after[id].split}" for id in moved} == report.moved.keys()


def test_a_label_of_one_group_is_said_to_be_missing_elsewhere(many):
    ids = [a.id for a in store.read(many.articles, Article)]
    gold(many, dict.fromkeys(ids[:100], "favor") | {ids[100]: "against"})
    report = split(many)
    own = sides(many)[ids[100]].split
    assert report.labels_missing == {"stance=against": [name for name in SIDES if name != own]}
    written = json.loads((many.reports / "split.json").read_bytes())
    assert written["labels_missing"] == report.labels_missing and 0 < written["unevenness"]["stance"] < 0.1
    lacking = " and ".join(report.labels_missing["stance=against"])
    assert f"  no stance=against (Against) on {lacking}\n" in warraq("-C", str(many.root), "split").stdout


def test_freeze_needs_something_that_stands(many):
    with pytest.raises(CorpusError, match="nothing stands"):
        split(many, freeze=True)


def test_freeze_keeps_what_a_new_seed_and_new_labels_would_move(many, tmp_path):
    split(many)
    before = sides(many)
    convert(many, [rows(tmp_path / "more.jsonl", *range(2000, 2400))])
    gold(many, {a.id: "favor" for a in store.read(many.articles, Article)})
    changed = policy(many, seed=7, train=0.6, validation=0.2, test=0.2)
    report = split(changed, freeze=True)
    after = sides(many)
    assert all(after[id] == row for id, row in before.items()) and len(after) == 2400
    assert report.frozen and report.moved == {}
    # the new ones fill up what the new shares of the whole ask for, within the one group that a share may be off by
    assert [report.splits[name] for name in SIDES] == pytest.approx([1440, 480, 480], abs=2)
    split(changed)
    assert sides(many) != after


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A corpus of sixty articles; the tests below take some of it first, and more later."""
    root = tmp_path_factory.mktemp("grown") / "c"
    create(root)
    space = find(root)
    convert(space, [rows(tmp_path_factory.mktemp("in") / "in.jsonl", *range(60))])
    return space, list(store.read(space.articles, Article))


chances = st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=12)


@given(chances, chances, st.sets(st.integers(0, 59), min_size=25), st.integers(0, 5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_growing_never_moves_an_article_of_test_or_lets_one_be_trained_on(grown, early, late, first, seed):
    """Any articles at first, any copies then; later all articles, more copies and other labels."""
    space, articles = grown
    labels = [None, "favor", "against"]
    uncertified = mock.Mock(borders=[], labels_missing={})  # it is tested elsewhere, and takes most of the time

    def step(known, pairs, freeze):
        store.write(space.articles, [articles[n] for n in sorted(known)])
        ids = [(articles[a].id, articles[b].id) for a, b in pairs if a in known and b in known]
        store.write(space.duplicates, [Duplicate(a, b, 1.0, "exact") for a, b in ids])
        gold(space, {articles[n].id: labels[(n * (seed + 1) + freeze) % 3] for n in known})
        with mock.patch("corpus.curate.splits.certify", return_value=uncertified):
            split(space, freeze)
        return {id: row.split for id, row in sides(space).items()}

    space.splits.unlink(missing_ok=True)
    try:
        before = step(first, early, False)
        after = step(range(60), early + late, True)
    except CheckError:
        return  # copies of everything: a side would be empty
    assert len(after) == 60
    moved = {id: (side, after[id]) for id, side in before.items() if after[id] != side}
    assert all(SIDES.index(now) > SIDES.index(then) for then, now in moved.values())
    joined = {articles[n].id for pair in late + early for n in pair}
    assert moved.keys() <= joined
    assert all(after[articles[a].id] == after[articles[b].id] for a, b in early + late)


def test_a_new_article_that_joins_two_sides_takes_the_group_to_the_guarded_one(many, tmp_path):
    split(many)
    before = sides(many)
    of = {name: [id for id, row in before.items() if row.split == name] for name in SIDES}
    convert(many, [rows(tmp_path / "more.jsonl", 3000, 3001)])
    new = sorted({a.id for a in store.read(many.articles, Article)} - before.keys())
    links = [(new[0], of["train"][0]), (new[0], of["test"][0]), (new[1], of["train"][1]), (new[1], of["validation"][0])]
    store.write(many.duplicates, [Duplicate(b, a, 1.0, "near") for a, b in links])
    report = split(many, freeze=True)
    after = sides(many)
    assert report.moved == {"train to test": 1, "train to validation": 1}
    assert set(report.moved_articles) == {of["train"][0], of["train"][1]}
    assert [after[id].split for id in (new[0], of["train"][0], new[1], of["train"][1])] == [*["test"] * 2, *["validation"] * 2]
    assert all(after[id].split == row.split for id, row in before.items() if id not in report.moved_articles)
