"""Checks of settled answers against what annotators said: votes, probabilities, labels, marked passages.

`warraq resolve` is not run again: Dawid-Skene and MACE need all items. What follows from a row and its annotations is checked.
Holds what annotators answered and marked.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from corpus.codebook import Question
from corpus.release.layout.features import label_column
from corpus.release.layout.opened import Opened, Row
from corpus.release.papers import measured

PSEUDONYM = "a-[0-9a-f]{10}"
METHOD = re.compile(rf"majority|dawid-skene|mace|(adjudicated):{PSEUDONYM}(?:\+{PSEUDONYM})*")
STATUSES = ("agreed", "majority", "model", "adjudicated", "tied")
TIE, ROUNDING = 1e-9, 1e-6
Answers = list[tuple[int, ...]]
"""The codes that each person chose: of a single choice one."""


def settled(release: Opened) -> Iterator[str]:
    """Votes are those of the annotations, probabilities are some, and each label follows from them as its status says."""
    latest = measured.answers(release.folder, release.book)
    for question in release.labelled:
        asked, units = release.book.question(question), defaultdict[str, Answers](list)
        for (unit, _), answer in latest.get(question, {}).items():
            units[unit].append(answer if isinstance(answer, tuple) else (answer,))
        for split, row in release.rows(
            question, ["article_id", "item_id", "soft", "votes", "status", "method", label_column(asked)]
        ):
            unit = row["item_id" if asked.scope == "item" else "article_id"]
            yield from (f"{question}/{split}, {unit}: {fault}" for fault in _faults(asked, row, units[unit]))


def _faults(question: Question, row: Row, answers: Answers) -> Iterator[str]:
    given = Counter(code for answer in answers for code in answer)
    votes = {choice.value: given[choice.code] for choice in question.choices}
    if row["votes"] != votes:
        yield f"the votes are {row['votes']}; the annotations give {votes}"
    method, status, soft = METHOD.fullmatch(row["method"] or ""), row["status"], row["soft"]
    if method is None or status not in STATUSES:  # a method that is none stays unsaid: it may name people
        yield f"the status is {status!r}, or the method none that there is"
    elif (status == "adjudicated") != bool(method[1]) or (status == "majority" and method[0] != "majority"):
        yield f"the status is {status!r} and the method {method[0]!r}"
    if soft is None:
        return
    if not all(share is not None and 0 <= share <= 1 for share in soft.values()):
        yield f"the probabilities are {soft}"
        return
    if question.type == "single" and not math.isclose(sum(soft.values()), 1, abs_tol=ROUNDING):
        yield f"the probabilities sum to {sum(soft.values())}"
    if row["method"] == "majority" and any(abs(soft[v] * len(answers) - n) > ROUNDING for v, n in votes.items()):
        yield f"the probabilities are {soft}; the votes {votes}"
    label = row[label_column(question)]
    chosen = None if label is None else tuple(label) if isinstance(label, list) else (label,)
    if status != "adjudicated" and chosen != (meant := _most_probable(question, soft)):
        yield f"the label is {label}; the probabilities give {meant}"
    if status == "agreed" and (len(answers) < 2 or {tuple(sorted(answer)) for answer in answers} != {chosen}):
        yield "the status is 'agreed', but fewer than two people gave this answer, or others another"


def _most_probable(question: Question, soft: dict[str, float]) -> tuple[int, ...] | None:
    """The codes of the answer that probabilities give, as `warraq resolve` settles it; None for a tie."""
    shares = sorted((choice.code, soft[choice.value]) for choice in question.choices)
    if question.type == "multiple":
        tied = any(abs(share - 0.5) <= TIE for _, share in shares)
        return None if tied else tuple(code for code, share in shares if share > 0.5)
    best = [code for code, share in shares if share >= max(soft.values()) - TIE]
    return (best[0],) if len(best) == 1 else None


def evidence(release: Opened) -> Iterator[str]:
    """The passages that a row shows are those that its annotations mark, all of them, by the same people."""
    marked: dict[str, list[Row]] = defaultdict(list)
    if "annotations" in release.configs:
        for _, row in release.rows("annotations", ["item_id", "annotator", "spans"]):
            marked[row["item_id"]] += [{"annotator": row["annotator"], **span} for span in row["spans"]]
    for config in release.labelled:
        if "evidence" in release.promised[config]:
            for split, row in release.rows(config, ["item_id", "evidence"]):
                if sorted(map(repr, row["evidence"])) != sorted(map(repr, marked[row["item_id"]])):
                    yield f"{config}/{split}, {row['item_id']}: the evidence is not what annotators marked"
