"""What only people know of a dataset: card.toml in the corpus folder. Commands read it, and never write over it.

`read` gives it, made from a template the first time; `unfilled` names what a person has still to write. All papers of a
release (README.md, croissant.json, CITATION.cff, masader.json) are made from it and from the Parquet files.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from corpus import store
from corpus.errors import CorpusError
from corpus.workspace import Workspace

FILE = "card.toml"
TEMPLATE = Path(__file__).with_name("card_template.toml")
Address = Annotated[str, Meta(pattern=r"^(https?://\S+)?$", description="http:// or https://, or empty")]

Dialect = Literal[
    "Classical Arabic", "Modern Standard Arabic", "United Arab Emirates", "Bahrain", "Djibouti", "Algeria", "Egypt", "Iraq",
    "Jordan", "Comoros", "Kuwait", "Lebanon", "Libya", "Morocco", "Mauritania", "Oman", "Palestine", "Qatar", "Saudi Arabia",
    "Sudan", "Somalia", "South Sudan", "Syria", "Tunisia", "Yemen", "Levant", "North Africa", "Gulf", "mixed",
]  # fmt: skip
Style = Literal["crawling", "human annotation", "machine annotation", "manual curation", "LLM generated", "other"]
Venue = Literal["conference", "workshop", "journal", "preprint"]


class Author(Struct, frozen=True, forbid_unknown_fields=True):
    """A person (`given`, `family`) or an organisation (`name`)."""

    given: str = ""
    family: str = ""
    name: str = ""
    affiliation: str = ""
    orcid: Annotated[str, Meta(pattern=r"^(https://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX])?$")] = ""

    def __post_init__(self) -> None:
        """Refuse an author who is neither or both; msgspec says which of the list it is."""
        if bool(self.name) == bool(self.given or self.family):
            raise ValueError("an author has `given` and `family`, or `name`")

    @property
    def full(self) -> str:
        """The whole name, as it is printed."""
        return self.name or f"{self.given} {self.family}".strip()


class Paper(Struct, frozen=True, forbid_unknown_fields=True):
    """The paper that tells of the dataset."""

    title: str
    url: Address
    venue: str = ""
    venue_name: str = ""
    venue_type: Venue = "preprint"
    abstract: str = ""


class Catalogue(Struct, frozen=True, forbid_unknown_fields=True):
    """What Masader, the catalogue of Arabic datasets, asks and nothing here tells. Lists of choices are the catalogue's."""

    dialect: Dialect = "Modern Standard Arabic"
    collection_style: list[Style] = field(default_factory=lambda: ["crawling", "human annotation"])
    ethical_risks: Literal["Low", "Medium", "High"] = "Medium"
    provider: list[str] = []
    derived_from: list[str] = []
    access: Literal["Free", "Upon-Request", "With-Fee"] = "Free"
    cost: str = ""
    added_by: str = ""


class Prose(Struct, frozen=True, forbid_unknown_fields=True):
    """card.toml. A text is Markdown; an empty one has not been written yet. `published` is the day of this release."""

    summary: str = ""
    rationale: str = ""
    collection: str = ""
    variety: str = ""
    speakers: str = ""
    annotators: str = ""
    demographics: str = ""
    personal: str = ""
    uses: str = ""
    misuse: str = ""
    harms: str = ""
    bias: str = ""
    gaps: str = ""
    maintenance: str = ""
    funding: str = ""
    contact: str = ""
    published: date | None = None
    authors: list[Author] = []
    url: Address = ""
    doi: Annotated[str, Meta(pattern=r"^(10\.\d{4,9}/\S+)?$", description="without https://doi.org/")] = ""
    paper: Paper | None = None
    masader: Catalogue = Catalogue()


OPTIONAL = {"url", "doi", "paper", "masader"}


def read(workspace: Workspace) -> Prose:
    """card.toml of a corpus, texts without the white space around them. Written from a template if it does not exist.

    Raises:
        CorpusError: the file is not valid, or has a key that is none of these.
    """
    path = workspace.root / FILE
    if not path.exists():
        store.write_bytes(path, TEMPLATE.read_bytes())
    try:
        told = msgspec.toml.decode(path.read_bytes(), type=Prose)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"{path} is not valid: {error}", "correct it; without the file `warraq card` writes an empty one"
        ) from None
    texts = {name: value.strip() for name in Prose.__struct_fields__ if isinstance(value := getattr(told, name), str)}
    return msgspec.structs.replace(told, **texts)


def paragraph(text: str) -> str:
    """A text on one line, for papers that machines read."""
    return " ".join(text.split())


def missing(prose: Prose) -> list[str]:
    """The keys of card.toml that a person has still to fill in, in the order of the file."""
    return [name for name in Prose.__struct_fields__ if name not in OPTIONAL and not getattr(prose, name)]


def unfilled(workspace: Workspace) -> list[str]:
    """What a person has still to write in card.toml before the dataset may be given to others.

    Raises:
        CorpusError: see `read`.
    """
    return missing(read(workspace))
