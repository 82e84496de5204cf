"""Which side each group of articles goes to, by the policy of warraq.toml's `[split]`. Reads items.jsonl for held-out targets.

- random: a hash of the seed and the group's smallest article id. Growing the corpus moves no group.
- temporal: every day of test is after every day of validation, and that after train. A border is drawn only where no group
  has articles on both sides, as near to the shares as that allows. Groups without a date go to train. A date without a day is
  its whole month or year. Growing the corpus moves the borders.
- held-out-outlets, held-out-targets: a group with one article of a named outlet, or with one item about a named target, goes
  to test whole, so that nothing of it is trained on; the share of test is not used. The rest is random, train and validation.
"""

import hashlib
from itertools import accumulate

from msgspec import Struct

from corpus import store
from corpus.errors import CheckError, CorpusError
from corpus.records import Item
from corpus.workspace import SplitPolicy, Workspace


class Group(Struct, frozen=True):
    """Articles that stay together: `id` is the smallest member's; `dates` are ISO 8601, None for an undated article."""

    id: str
    members: list[str]
    dates: list[str | None]
    outlets: list[str | None]


class Placed(Struct, frozen=True):
    """The split of each group, in the order given; and figures and border days of the policy, for the report."""

    sides: list[str]
    detail: dict[str, int | str]


def place(groups: list[Group], workspace: Workspace) -> Placed:
    """Put every group on a side by the policy of warraq.toml.

    Raises:
        CorpusError: what to hold out is not named, is not in the corpus, or is named under another policy.
        CheckError: the dates leave no place for the borders.
    """
    policy = workspace.config.split
    named = {"test_targets": policy.test_targets, "test_outlets": policy.test_outlets}
    wanted = policy.policy.replace("held-out-", "test_")
    for key, names in named.items():
        if bool(names) != (key == wanted):
            raise CorpusError(
                f'[split] in warraq.toml has policy = "{policy.policy}" and {key} = {names}',
                f"name in {key} what to hold out" if key == wanted else f"remove {key}, or change the policy",
            )
    if policy.policy == "temporal":
        return _temporal(groups, policy)
    if policy.policy == "held-out-outlets":
        return _held_out(groups, policy, {id: {o} for g in groups for id, o in zip(g.members, g.outlets, strict=True) if o})
    if policy.policy == "held-out-targets":
        about: dict[str, set[str]] = {}
        for item in store.read(workspace.items, Item):
            about.setdefault(item.article_id, set()).update([item.target] if item.target else [])
        return _held_out(groups, policy, about)
    return Placed([_random(group.id, policy) for group in groups], {})


def _random(group: str, policy: SplitPolicy) -> str:
    """The split of a group: its hash, as a number in [0, 1), falls in the share of train, validation or test."""
    place = _hash(group, policy)
    return "train" if place < policy.train else "validation" if place < policy.train + policy.validation else "test"


def _hash(group: str, policy: SplitPolicy) -> float:
    digest = hashlib.sha256(f"{policy.seed}\0{group}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def _held_out(groups: list[Group], policy: SplitPolicy, traits: dict[str, set[str]]) -> Placed:
    """Test is what has a named trait; `traits` are an article's outlet or targets."""
    named = {*policy.test_outlets, *policy.test_targets}
    known = set().union(*traits.values()) if traits else set()
    if named - known:
        raise CorpusError(
            f"[split] in warraq.toml holds out {sorted(named - known)}, which no article has; there are {sorted(known)[:50]}",
            "write the names as they stand in the corpus",
        )
    rest = policy.train + policy.validation
    if not rest:
        raise CorpusError("[split] in warraq.toml leaves no share for what is not held out", "set train, and validation")
    held = [sum(not named.isdisjoint(traits.get(id, ())) for id in group.members) for group in groups]
    sides = [
        "test" if hits else "train" if _hash(group.id, policy) * rest < policy.train else "validation"
        for group, hits in zip(groups, held, strict=True)
    ]
    others = sum(len(group.members) - hits for group, hits in zip(groups, held, strict=True) if hits)
    return Placed(sides, {"held_out_articles": sum(held), "other_articles_in_their_groups": others})


def _temporal(groups: list[Group], policy: SplitPolicy) -> Placed:
    """Dated groups in the order of days, cut in three between chains: runs of groups whose days overlap."""
    spans = {i: _days(group) for i, group in enumerate(groups)}
    order = sorted((i for i, days in spans.items() if days), key=lambda i: (spans[i], groups[i].id))
    chains: list[list[int]] = []
    latest = ""
    for i in order:
        first, last = spans[i] or ("", "")
        if first > latest:
            chains.append([])
        chains[-1].append(i)
        latest = max(latest, last)
    undated = sum(len(group.members) for i, group in enumerate(groups) if not spans[i])
    sizes = [sum(len(groups[i].members) for i in chain) for chain in chains]
    first_cut, second_cut = _cuts(list(accumulate(sizes, initial=undated)), policy)
    sides = ["train"] * len(groups)
    for number, chain in enumerate(chains):
        for i in chain:
            sides[i] = "train" if number < first_cut else "validation" if number < second_cut else "test"
    starts = [(spans[chain[0]] or ("", ""))[0] for chain in chains] + [""]
    return Placed(
        sides,
        {
            "undated_articles": undated,
            "undated_articles_of_dated_groups": sum(g.dates.count(None) for i, g in enumerate(groups) if spans[i]),
            "validation_from": starts[first_cut] if first_cut < second_cut else "",
            "test_from": starts[second_cut],
        },
    )


def _cuts(before: list[int], policy: SplitPolicy) -> tuple[int, int]:
    """After how many chains validation and test begin; `before[k]` is the number of articles before chain k.

    Each cut is the one nearest to its share that leaves a chain for every side with a share; the earlier one of two.
    """
    chains, articles = len(before) - 1, before[-1]
    lowest = int(policy.train > 0 and not before[0])
    validation, test = int(policy.validation > 0), int(policy.test > 0)
    if chains < lowest + validation + test:
        raise CheckError(
            f"a split by time is not possible: between the first and the last day there are {max(chains - 1, 0)} places for a "
            f"border with no article of one group on both sides, and {lowest + validation + test - 1} are needed",
            'take policy = "random", or convert articles of more days; copies printed long after bar the way too',
        )

    def nearest(share: float, start: int, stop: int) -> int:
        return min(range(start, stop + 1), key=lambda cut: abs(before[cut] - share * articles))

    first = nearest(policy.train, lowest, chains - validation - test)
    return first, nearest(policy.train + policy.validation, first + validation, chains - test)


def _days(group: Group) -> tuple[str, str] | None:
    """The first and the last possible day of a group's articles; None if none has a date."""
    dates = [date[:10] for date in group.dates if date]
    if not dates:
        return None
    return min(date + "-01-01"[len(date) - 4 :] for date in dates), max(date + "-12-31"[len(date) - 4 :] for date in dates)
