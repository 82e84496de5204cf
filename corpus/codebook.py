"""A codebook, loaded and checked: the one source of questions, labels, frozen integers, names, hotkeys and guidelines.

Reads a YAML file (a shipped one by name, or a path) and, where a question says `choices_from`, a shipped list of topics.
"""

from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

import schemas
from corpus.errors import CorpusError

LANGUAGES = ("ar", "en")


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """One label. `code` is its frozen integer: it never moves and is never used again.

    A label that is no longer asked for is `retired`: it keeps its integer. `replaces` names the labels of the version before
    that this one stands for.
    """

    value: str
    code: int
    name: dict[str, str]
    hotkey: str | None = None
    definition: dict[str, str] = {}
    examples: dict[str, list[str]] = {}
    retired: bool = False
    replaces: list[str] = []


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """One question put to an annotator."""

    id: str
    scope: Literal["item", "article"]
    type: Literal["single", "multiple", "span", "text"]
    name: dict[str, str]
    required: bool = False
    hint: dict[str, str] = {}
    choices: list[Choice] = []
    choices_from: str | None = None
    ordered: bool = False
    """The labels of a single choice are a scale, in the order of their integers."""

    @property
    def values(self) -> list[str]:
        """The labels, in the order of their frozen integers."""
        return [choice.value for choice in sorted(self.choices, key=lambda choice: choice.code)]

    @property
    def shown(self) -> list[Choice]:
        """The choices that annotators are given, in the order of their frozen integers."""
        return [choice for choice in sorted(self.choices, key=lambda choice: choice.code) if not choice.retired]

    def choice(self, value: str) -> Choice:
        """The choice with this value; KeyError if there is none."""
        for choice in self.choices:
            if choice.value == value:
                return choice
        raise KeyError(value)


class Codebook(Struct, frozen=True, forbid_unknown_fields=True):
    """A named, versioned list of questions. `targets` says whether an item has a target."""

    name: str
    version: str
    title: dict[str, str]
    targets: bool
    instructions: dict[str, str]
    questions: list[Question]

    @property
    def ref(self) -> str:
        """`name@version`, as written in every record."""
        return f"{self.name}@{self.version}"

    @property
    def labelled(self) -> list[Question]:
        """The questions whose answers are labels: single and multiple choice."""
        return [question for question in self.questions if question.type in ("single", "multiple")]

    def question(self, question_id: str) -> Question:
        """The question with this id.

        Raises:
            CorpusError: the codebook has no such question.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        raise CorpusError(
            f"codebook {self.ref} has no question {question_id!r}; it has {', '.join(q.id for q in self.questions)}",
            "name one of these, or use a codebook that asks it",
        )


def load(name: str, near: Path | None = None) -> Codebook:
    """Load a codebook by the name of a shipped one, or by a path to a YAML file (relative to `near`).

    Raises:
        CorpusError: there is no such codebook, or it is not valid; lists every fault found.
    """
    path = schemas.codebook_path(name)
    if name.endswith((".yaml", ".yml")):
        path = (near or Path()) / name
    if not path.is_file():
        shipped = ", ".join(schemas.codebook_names())
        raise CorpusError(f"there is no codebook {name!r}", f"name a shipped one ({shipped}) or a path to a .yaml file")
    try:
        book = msgspec.yaml.decode(path.read_bytes(), type=Codebook)
    except msgspec.MsgspecError as error:
        raise CorpusError(f"{path} is not a codebook: {error}", "compare it with one in schemas/codebooks/") from None
    book = msgspec.structs.replace(book, questions=[_with_choices(question, path) for question in book.questions])
    if faults := _faults(book):
        raise CorpusError(f"{path} is not a sound codebook:\n  - " + "\n  - ".join(faults), "correct this in the file")
    return book


def _with_choices(question: Question, path: Path) -> Question:
    """Fill in `choices` from the shipped list that `choices_from` names."""
    if question.choices_from is None:
        return question
    topics = schemas.topics_path(question.choices_from)
    if question.choices:
        raise CorpusError(f"{path}: question {question.id!r} has both choices and choices_from", "keep one of the two")
    if topics not in schemas.topic_lists():
        raise CorpusError(
            f"{path}: question {question.id!r} takes its choices from {question.choices_from!r}, which is not a shipped list",
            f"name one of {', '.join(shipped.stem for shipped in schemas.topic_lists())}, or write the choices out",
        )
    return msgspec.structs.replace(question, choices=msgspec.json.decode(topics.read_bytes(), type=TopicList).choices)


class TopicList(Struct, frozen=True, forbid_unknown_fields=True):
    """A shipped list of topics: where it comes from, and its choices."""

    name: str
    source: str
    licence: str
    note: str
    choices: list[Choice]


def _faults(book: Codebook) -> list[str]:
    """Every fault of a codebook, as one sentence each."""
    faults = [f"question {q!r} is asked {n} times" for q, n in Counter(q.id for q in book.questions).items() if n > 1]
    faults += [f"the title lacks {lang}" for lang in LANGUAGES if not book.title.get(lang, "").strip()]
    faults += [f"the instructions lack {lang}" for lang in LANGUAGES if not book.instructions.get(lang, "").strip()]
    faults += [] if book.questions else ["there is no question"]
    for question in book.questions:
        faults += [f"question {question.id!r}: {fault}" for fault in _question_faults(question)]
    hotkeys = Counter(c.hotkey for q in book.questions for c in q.choices if c.hotkey)
    faults += [f"hotkey {key!r} is used {n} times" for key, n in hotkeys.items() if n > 1]
    return faults


def _question_faults(question: Question) -> list[str]:
    faults = [f"its name lacks {lang}" for lang in LANGUAGES if not question.name.get(lang, "").strip()]
    labels = question.type in ("single", "multiple")
    if labels and len(question.shown) < 2:
        faults.append(f"a {question.type} choice needs at least 2 choices; got {len(question.shown)}")
    if not labels and question.choices:
        faults.append(f"a {question.type} question takes no choices; got {len(question.choices)}")
    if question.type in ("span", "text") and question.scope == "article":
        faults.append(f"a {question.type} question is about an item; got scope article")
    if sorted(choice.code for choice in question.choices) != list(range(len(question.choices))):
        faults.append(f"codes must be 0 to {len(question.choices) - 1}, each once; got {[c.code for c in question.choices]}")
    if question.ordered and question.type != "single":
        faults.append(f"only a single choice can be ordered; got {question.type}")
    faults += [f"choice {v!r} occurs {n} times" for v, n in Counter(c.value for c in question.choices).items() if n > 1]
    for choice in question.choices:
        unnamed = [lang for lang in LANGUAGES if not choice.name.get(lang, "").strip()]
        faults += [f"choice {choice.value!r} has no name in {lang}" for lang in unnamed]
    return faults
