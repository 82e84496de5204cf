"""One corpus folder: `warraq.toml`, `targets.yaml` and the record files below it. Made by `create`, found by `find`."""

import codecs
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from corpus import codebook, store
from corpus.errors import CorpusError
from corpus.records import Target

CONFIG = "warraq.toml"


class Licence(Struct, frozen=True, forbid_unknown_fields=True):
    """SPDX identifiers or plain words; labels and text apart, because they seldom have the same owner."""

    labels: str = "CC-BY-4.0"
    text: str = "all rights reserved by the publishers"


class LabelStudio(Struct, frozen=True, forbid_unknown_fields=True):
    """Where labeling happens, and by how many. An empty `url` means the server of `warraq studio`.

    A share `overlap_share` of the items, drawn by the server, is judged by `annotators_per_item` people, the rest by one.
    `order` is what people are given next: by task, at random, in turn from each target, outlet and month, or what a model that
    was pushed is least sure of. Its answers are shown only with `show_predictions`: people agree with what they are shown.
    """

    url: str = ""
    project: str = ""
    annotators_per_item: Annotated[int, Meta(ge=1)] = 1
    overlap_share: Annotated[float, Meta(ge=0, le=1)] = 1.0
    order: Literal["given", "random", "diverse", "uncertain"] = "given"
    show_predictions: bool = False


class SplitPolicy(Struct, frozen=True, forbid_unknown_fields=True):
    """How articles are divided: the policy, the shares of the articles, the seed, and what the held-out policies hold out."""

    policy: Literal["random", "temporal", "held-out-targets", "held-out-outlets"] = "random"
    seed: int = 1
    train: float = 0.7
    validation: float = 0.15
    test: float = 0.15
    test_targets: list[str] = []
    test_outlets: list[str] = []


class Input(Struct, frozen=True, forbid_unknown_fields=True):
    """How raw input is read: the languages that are kept (all, if empty), when it was gathered, and names of columns.

    `gathered` is ISO 8601 or empty; `columns` maps names of an article's fields to names of columns in the input.
    """

    languages: list[str] = []
    gathered: str = ""
    columns: dict[str, str] = {}


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """The content of warraq.toml."""

    name: str
    language: Annotated[str, Meta(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")] = "ar"
    version: str = "0.1.0"
    codebook: str = "news-stance"
    licence: Licence = Licence()
    convert: Input = Input()
    label_studio: LabelStudio = LabelStudio()
    split: SplitPolicy = SplitPolicy()


class Workspace:
    """A corpus folder that exists and whose warraq.toml is valid. Holds paths and settings; opens no record file itself."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config = _read_config(root / CONFIG)
        self._codebook: codebook.Codebook | None = None
        self.articles = root / "articles.jsonl"
        self.rejects = root / "rejects.jsonl"
        self.duplicates = root / "duplicates.jsonl"
        self.items = root / "items.jsonl"
        self.annotations = root / "annotations.jsonl"
        self.earlier = root / "annotations.earlier.jsonl"
        self.annotation_rejects = root / "annotations.rejects.jsonl"
        self.controls = root / "controls.jsonl"
        self.adjudications = root / "adjudications.jsonl"
        self.again = root / "again.jsonl"
        self.gold = root / "gold.jsonl"
        self.splits = root / "splits.jsonl"
        self.predictions = root / "predictions.jsonl"
        self.models = root / "models"
        self.reports = root / "reports"
        self.release = root / "release"
        self.card = root / "DATASET_CARD.md"
        self.state = root / ".warraq"

    def codebook(self) -> codebook.Codebook:
        """The codebook that warraq.toml names, read once."""
        if self._codebook is None:
            self._codebook = codebook.load(self.config.codebook, self.root)
        return self._codebook

    @contextmanager
    def alone(self, step: str, wait: bool = False) -> Iterator[None]:
        """Let one run of a step at a time work in this corpus.

        Args:
            step: the command's name.
            wait: take turns, for steps that are short and only do what is left to do; else a second run is refused, for it
                would seem to hang, or do everything again.

        Raises:
            CorpusError: another one is running, and this one does not wait.
        """
        import filelock

        self.state.mkdir(mode=0o700, exist_ok=True)
        try:
            with filelock.FileLock(self.state / f"{step}.lock", timeout=-1 if wait else 0):
                yield
        except filelock.Timeout:
            raise CorpusError(f"another `warraq {step}` is running in {self.root}", "wait until it has ended") from None

    def targets(self) -> list[Target]:
        """The targets of targets.yaml, checked: ids are unique and each has a name in the corpus's language and a phrase.

        Raises:
            CorpusError: the file is missing or wrong.
        """
        path = self.root / "targets.yaml"
        try:
            targets = msgspec.yaml.decode(path.read_bytes(), type=list[Target])
        except FileNotFoundError:
            raise CorpusError(
                f"{path} does not exist", f"`warraq init {shlex.quote(str(self.root))}` writes one to fill in"
            ) from None
        except msgspec.MsgspecError as error:
            raise CorpusError(
                f"{path} is not a list of targets: {error}", "correct it; `warraq init` in an empty folder shows its shape"
            ) from None
        for number, target in enumerate(targets, 1):
            if self.config.language not in target.names or not any(phrase.strip() for phrase in target.phrases):
                raise CorpusError(
                    f"{path}: target {number} ({target.id}) lacks a phrase or a name in {self.config.language!r}",
                    "give it both",
                )
        if len({target.id for target in targets}) < len(targets):
            raise CorpusError(f"{path} uses a target id twice: {[t.id for t in targets]}", "give each target its own id")
        return targets


def find(start: Path) -> Workspace:
    """The corpus folder that `start` is in: the nearest folder upwards with a warraq.toml.

    Raises:
        CorpusError: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return Workspace(folder)
    raise CorpusError(f"{start} is not in a corpus folder", "make one with `warraq init DIR`, or name one with `-C DIR`")


def create(root: Path, name: str | None = None) -> list[Path]:
    """Make a corpus folder: warraq.toml, targets.yaml and a private `.warraq/`. Never overwrites.

    Args:
        root: the folder; made if it does not exist.
        name: the corpus's name; the folder's name if not given.

    Returns:
        The files that were written; those that stood already are left alone and not in the list.

    Raises:
        CorpusError: the folder cannot be made.
    """
    try:
        (root / ".warraq").mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CorpusError(f"{root} cannot be made a folder: {error.strerror}", "name another folder") from None
    name = "".join(char for char in name or root.resolve().name if char.isprintable() and char not in '"\\')
    written = []
    files = {
        CONFIG: CONFIG_TEMPLATE.replace("NAME", name),
        "targets.yaml": TARGETS_TEMPLATE,
        ".gitignore": ".warraq/\n",
    }
    for file, content in files.items():
        if not (root / file).exists():
            store.write_bytes(root / file, content.encode())
            written.append(root / file)
    return written


def _read_config(path: Path) -> Config:
    try:
        return msgspec.toml.decode(path.read_bytes().removeprefix(codecs.BOM_UTF8), type=Config)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"{path} is not valid: {error}", "correct it; `warraq init` in an empty folder shows its shape"
        ) from None


CONFIG_TEMPLATE = """\
# One corpus. Every command of Warraq run in this folder reads this file.
name = "NAME"
version = "0.1.0"            # of the next release
language = "ar"              # BCP 47; of articles that do not say, and whose text is too short to tell
codebook = "news-stance"     # news-stance, news-topic, claim-stance, or a path to your own .yaml

[licence]                    # labels and text apart: they seldom have the same owner
labels = "CC-BY-4.0"
text = "all rights reserved by the publishers"

[convert]
# languages = ["ar"]         # keep articles in these languages only; others are rejects, or removed if they are stored
# gathered = "2026-03-01"    # when the input was gathered, where it does not say itself; later dates are null
# [convert.columns]          # of CSV, TSV, JSON and Parquet: a field of an article = your name for it
# text = "body"

[label_studio]
url = ""                     # empty: the server of `warraq studio start`
project = ""                 # empty: made by `warraq push`, named after the corpus and codebook
annotators_per_item = 1      # a task stays open until so many people have judged it
overlap_share = 1.0          # the share of the items that so many people judge; the others are judged by one
order = "given"              # what people get next: given, random, diverse, uncertain (needs `warraq push --predictions`)
show_predictions = false     # people see a model's answers, and agree with them more than they would

[split]
policy = "random"            # random, temporal (test is the latest), held-out-targets, held-out-outlets
seed = 1
train = 0.7
validation = 0.15
test = 0.15                  # the held-out policies take test from the lists below instead
# test_targets = []          # held-out-targets: ids of targets.yaml
# test_outlets = []          # held-out-outlets: names as in `source` of articles.jsonl
"""

TARGETS_TEMPLATE = """\
# What people take a stance on. `phrases` find the target in an article: Arabic letters are folded (أ إ آ are ا, ة is ه)
# and prefixes (و ف ب ل ك ال) are allowed. Remove the # signs to begin.
[]
# - id: free-transit
#   kind: policy             # person, organisation, policy, event, claim
#   names: {ar: قانون النقل المجاني, en: Free Transit Act}
#   phrases: [قانون النقل المجاني, مجانية النقل]
"""
