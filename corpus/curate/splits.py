"""Train, validation or test for every article: writes splits.jsonl, and reads it where nothing that stands is to be moved.

`groups` says which articles stay together, `policies` decides the side of a group; `certificate` measures what came of it
and writes reports/split.*.
"""

from collections import Counter
from itertools import islice

from msgspec import Struct

from corpus import store
from corpus.curate.certificate import Facts, certify
from corpus.curate.groups import SIDES, Groups, groups, placed_before
from corpus.curate.policies import place
from corpus.errors import CheckError, CorpusError
from corpus.progress import Progress, quiet
from corpus.records import Split
from corpus.text.borders import Border
from corpus.workspace import Workspace

EXAMPLES = 20


class SplitReport(Struct, frozen=True):
    """Articles per split; groups: all, and those of several articles; what the policy says, and the closest across borders.

    `joined` counts by kind the links that made the groups. `moved` counts the articles that had another side before, as
    "test to train"; `moved_articles` are some of them. `labels_missing` names the sides that lack a label which others have.
    `detail` and `borders` are those of the certificate.
    """

    articles: int
    splits: dict[str, int]
    groups: int
    larger_groups: int
    joined: dict[str, int]
    frozen: bool
    moved: dict[str, int]
    moved_articles: list[str]
    labels_missing: dict[str, list[str]]
    seed: int
    policy: str
    detail: dict[str, int | str]
    borders: list[Border]


def split(workspace: Workspace, freeze: bool = False, progress: Progress = quiet) -> SplitReport:
    """Assign every article to a split by warraq.toml's `[split]`, and certify it.

    With `freeze` an article stays where splits.jsonl has it, and only what is new is placed. Where something new joins
    groups of two sides, the whole group goes to the more guarded one: to test, or from train to validation. So nothing of
    test or validation is ever trained on later.

    Raises:
        CorpusError: the shares do not add up to 1, the policy lacks what it needs, duplicates.jsonl or items.jsonl names an
            article that is not there, or `freeze` finds no splits.jsonl.
        CheckError: a split with a share above 0 would be empty, the policy cannot be had, or a text is on two sides.
            splits.jsonl is not written then; the certificate is, in the last case.
    """
    policy, shares = workspace.config.split, _shares(workspace)
    if freeze and not workspace.splits.exists():
        raise CorpusError(f"{workspace.splits} does not exist, so nothing stands", "run `warraq split` without --freeze first")
    before = placed_before(workspace)
    made = groups(workspace, before if freeze else {}, progress)
    placed = place(made.groups, workspace)
    rows = [
        Split(id, side, group.id)  # type: ignore[arg-type]
        for group, side in zip(made.groups, placed.sides, strict=True)
        for id in group.members
    ]
    counts: Counter[str] = Counter(row.split for row in rows)
    _refuse_empty(counts, shares, made)
    moves = {
        row.article_id: f"{was} to {row.split}" for row in rows if (was := before.get(row.article_id, row.split)) != row.split
    }
    moved = dict(sorted(Counter(moves.values()).items()))
    certificate = certify(workspace, rows, Facts(placed.detail, made.joined, freeze, moved), progress)
    _refuse_leaks(workspace, certificate.borders)
    store.write_sorted(workspace.splits, rows, key=lambda row: row.article_id)
    return SplitReport(
        articles=len(rows),
        splits={side: counts[side] for side in SIDES if counts[side]},
        groups=len(made.groups),
        larger_groups=sum(len(group.members) > 1 for group in made.groups),
        joined=made.joined,
        frozen=freeze,
        moved=moved,
        moved_articles=sorted(islice(moves, EXAMPLES)),
        labels_missing=certificate.labels_missing,
        seed=policy.seed,
        policy=policy.policy,
        detail=placed.detail,
        borders=certificate.borders,
    )


def _shares(workspace: Workspace) -> tuple[float, float, float]:
    policy = workspace.config.split
    shares = (policy.train, policy.validation, policy.test)
    if min(shares) < 0 or abs(sum(shares) - 1) > 1e-9:
        raise CorpusError(f"the shares of [split] in warraq.toml add up to {sum(shares):g}; got {shares}", "make it 1")
    return shares


def _refuse_empty(counts: Counter[str], shares: tuple[float, float, float], made: Groups) -> None:
    for name, share in zip(SIDES, shares, strict=True):
        if share and not counts[name]:
            largest = max((len(group.members) for group in made.groups), default=0)
            links = ", ".join(f"{count} by {kind}" for kind, count in made.joined.items() if count) or "none"
            raise CheckError(
                f"{name} would be empty: {len(made.groups)} groups of articles are too few for a share of {share:g};"
                f" the largest group holds {largest} of {counts.total()} articles, joined {links}",
                "convert more articles, or change [split] in warraq.toml",
            )


def _refuse_leaks(workspace: Workspace, borders: list[Border]) -> None:
    leaks = [
        f"{len(b.leaks)} between {b.first} and {b.second}, such as {b.leaks[0].first} and {b.leaks[0].second} with"
        f" {max(b.leaks[0].jaccard, b.leaks[0].contained):.2f}"
        for b in borders
        if b.leaks
    ]
    if leaks:
        raise CheckError(
            f"pairs of articles on two sides have 0.8 or more of their word 5-grams in common, or 0.9 of the shorter one's:"
            f" {'; '.join(leaks)}",
            f"run `warraq duplicates`, then `warraq split` again; {workspace.reports / 'split.html'} shows the pairs",
        )
