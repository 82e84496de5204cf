"""A fitted model as two files: QUESTION.skops, which holds no code, and QUESTION.json, its card, with the other's SHA-256.

Loading compares the two, and trusts no type beyond those that skops itself trusts. The same model gives the same bytes.
"""

import hashlib
import io
import json
import re
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import msgspec
import skops.io
from msgspec import Struct

from baselines.evaluate import Scores
from baselines.examples import Kind, Model
from baselines.packing import packed, unpacked
from corpus import store
from corpus.errors import CorpusError

_ID = re.compile(r'"__id__": (\d+)|"file": "(\d+)\.(\w+)"')
_DATE = (1980, 1, 1, 0, 0, 0)
_FIX = "train it again: `warraq train`"


class ModelCard(Struct, frozen=True):
    """What stands beside a model, to use it and to trace it.

    `date` is that of the newest judgment it learnt from, null where they have none; `targets` are the ids that training had;
    `sha256` is of the model's file, `data_sha256` of the rows.
    """

    question: str
    kind: Kind | Literal["multiple"]
    corpus: str
    version: str
    codebook: str
    labels: list[str]
    targets: list[str]
    date: str | None
    rows: dict[str, int]
    recipe: dict[str, Any]
    validation: Scores
    test: Scores
    data_sha256: str
    sha256: str
    seed: int
    versions: dict[str, str]

    @property
    def name(self) -> str:
        """The model's version, as predictions carry it: `stance-1a2b3c4d`."""
        return f"{self.question}-{self.sha256[:8]}"


def dump(model: Model) -> bytes:
    """A fitted model as the bytes of its file."""
    return _canonical(skops.io.dumps(packed(model.state())))


def save(folder: Path, data: bytes, card: ModelCard) -> None:
    """Write a model and its card, each whole or not at all; between the two, loading says that they do not fit."""
    store.write_bytes(folder / f"{card.question}.skops", data)
    store.write_json(folder / f"{card.question}.json", card)


def load(folder: Path, question: str) -> tuple[Model, ModelCard]:
    """Read a model and its card.

    Args:
        folder: models/ of a corpus.
        question: the model's.

    Raises:
        CorpusError: a file is missing or broken, the model is not the one that the card names, or it holds types that a
            plain scikit-learn model does not hold.
    """
    path, beside = folder / f"{question}.skops", folder / f"{question}.json"
    try:
        data, card = path.read_bytes(), msgspec.json.decode(beside.read_bytes(), type=ModelCard)
    except FileNotFoundError as error:
        raise CorpusError(f"{error.filename} does not exist", _FIX) from None
    except msgspec.MsgspecError as error:
        raise CorpusError(f"{beside} is not a model's card: {error}", _FIX) from None
    if (found := hashlib.sha256(data).hexdigest()) != card.sha256:
        raise CorpusError(f"{path} is not the file that {beside.name} names: SHA-256 {found}, not {card.sha256}", _FIX)
    try:
        if unknown := skops.io.get_untrusted_types(data=data):
            raise CorpusError(f"{path} holds types that a baseline does not: {', '.join(unknown)}; it was not loaded", _FIX)
        model: Model = import_module(f"baselines.recipes.{card.kind}").from_state(unpacked(skops.io.loads(data)))
    except (zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError, ImportError) as error:
        raise CorpusError(f"{path} is not a model that `warraq train` wrote: {error}", _FIX) from None
    return model, card


def _canonical(data: bytes) -> bytes:
    """The same archive with objects numbered as they come, where skops has their addresses, and without the hour."""
    numbers: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        number = numbers.setdefault(found[1] or found[2], str(len(numbers)))
        return f'"__id__": {number}' if found[1] else f'"file": "{number}.{found[3]}"'

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        schema = _ID.sub(renamed, archive.read("schema.json").decode())
        json.loads(schema)  # a form that skops does not write today would break here, and not when it is loaded
        parts = {_renamed(name, numbers): archive.read(name) for name in archive.namelist() if name != "schema.json"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in sorted((parts | {"schema.json": schema.encode()}).items()):
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _renamed(name: str, numbers: dict[str, str]) -> str:
    stem, dot, ending = name.partition(".")
    return f"{numbers.get(stem, stem)}{dot}{ending}"
