"""Which side each group of articles goes to, by the policy of warraq.toml's `[split]`. Reads items.jsonl for held-out targets.

- random: a hash of the seed and the group's id, and where there are gold answers, each side with its share of every label
  (`stratify`).
- temporal: test is the latest (`temporal`).
- held-out-outlets, held-out-targets: a group with one article of a named outlet, or with one item about a named target, goes
  to test whole, so that nothing of it is trained on; the share of test is not used. The rest is random, train and validation.

A group that stands on a side already stays there, under every policy, unless it is to be held out now.
"""

from msgspec import Struct

from corpus import store
from corpus.curate.groups import Group
from corpus.curate.stratify import divide
from corpus.curate.temporal import by_time
from corpus.errors import CheckError, CorpusError
from corpus.records import Item
from corpus.workspace import SplitPolicy, Workspace


class Placed(Struct, frozen=True):
    """The split of each group, in the order given; and figures and border days of the policy, for the report."""

    sides: list[str]
    detail: dict[str, int | str]


def place(groups: list[Group], workspace: Workspace) -> Placed:
    """Put every group on a side by the policy of warraq.toml.

    Raises:
        CorpusError: what to hold out is not named, is not in the corpus, or is named under another policy.
        CheckError: the dates leave no place for the borders, or every article is held out.
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
        return Placed(*by_time(groups, policy))
    if policy.policy == "held-out-outlets":
        return _held_out(groups, policy, {id: {o} for g in groups for id, o in zip(g.members, g.outlets, strict=True) if o})
    if policy.policy == "held-out-targets":
        about: dict[str, set[str]] = {}
        for item in store.read(workspace.items, Item):
            about.setdefault(item.article_id, set()).update([item.target] if item.target else [])
        return _held_out(groups, policy, about)
    return Placed(divide(groups, (policy.train, policy.validation, policy.test), policy.seed), {})


def _held_out(groups: list[Group], policy: SplitPolicy, traits: dict[str, set[str]]) -> Placed:
    """To test go the groups with an article of a named outlet or target, and those that stand there; the rest is divided.

    `traits` are by article its outlet, or the targets that it has items about.
    """
    names = {*policy.test_outlets, *policy.test_targets}
    known = set().union(*traits.values()) if traits else set()
    if names - known:
        raise CorpusError(
            f"[split] in warraq.toml holds out {sorted(names - known)}, which no article has; there are {sorted(known)[:50]}",
            "write the names as they stand in the corpus",
        )
    rest = policy.train + policy.validation
    if not rest:
        raise CorpusError("[split] in warraq.toml leaves no share for what is not held out", "set train, and validation")
    held = [sum(not names.isdisjoint(traits.get(id, ())) for id in group.members) for group in groups]
    free = [g for g, hits in zip(groups, held, strict=True) if not hits and g.stands != "test"]
    if not free:
        raise CheckError(
            f"train would be empty: every article is held out by {sorted(names)}, or stands on test",
            "hold out fewer in [split]",
        )
    divided = divide(free, (policy.train / rest, policy.validation / rest, 0), policy.seed)
    sides = dict(zip((group.id for group in free), divided, strict=True))
    others = sum(len(g.members) - hits for g, hits in zip(groups, held, strict=True) if g.id not in sides)
    detail: dict[str, int | str] = {"held_out_articles": sum(held), "other_articles_on_test": others}
    return Placed([sides.get(group.id, "test") for group in groups], detail)
