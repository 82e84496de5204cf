"""masader.json: the entry of an Arabic dataset in Masader, the catalogue of Arabic datasets, with its 33 fields.

Fields and choices are those of the catalogue's own entries and form, as of 2026; schemas/masader.schema.json is written from
`Entry`. What is known is counted from the release; the rest is in the table `masader` of card.toml.
"""

import re
from typing import Annotated, Any, Literal, cast, get_args
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from corpus.codebook import Codebook
from corpus.release.layout.manifest import About
from corpus.release.papers.citation import spdx
from corpus.release.papers.prose import Address, Dialect, Prose, Style, Venue, paragraph
from corpus.release.papers.released import Config

MASADER = "masader.json"
TASKS: dict[str, "Task"] = {"stance": "stance detection", "topic": "topic classification"}
HOSTS: dict[str, "Host"] = {
    "huggingface.co": "HuggingFace",
    "github.com": "GitHub",
    "gitlab.com": "GitLab",
    "zenodo.org": "zenodo",
}
_NAMES = {"MIT": "MIT License", "CC0-1.0": "CC0", "ODbL-1.0": "ODbl-1.0", "ODC-By-1.0": "ODC-By"}
Host = Literal[
    "CAMeL Resources", "CodaLab", "data.world", "Dropbox", "Gdrive", "GitHub", "GitLab", "kaggle", "LDC", "MPDI",
    "Mendeley Data", "Mozilla", "OneDrive", "QCRI Resources", "ResearchGate", "sourceforge", "zenodo", "HuggingFace", "ELRA",
    "other",
]  # fmt: skip
Licence = Literal[
    "CC BY 1.0", "CC BY 2.0", "CC BY 3.0", "CC BY 4.0", "CC BY-NC 1.0", "CC BY-NC 2.0", "CC BY-NC 3.0", "CC BY-NC 4.0",
    "CC BY-NC-ND 1.0", "CC BY-NC-ND 2.0", "CC BY-NC-ND 3.0", "CC BY-NC-ND 4.0", "CC BY-SA 1.0", "CC BY-SA 2.0", "CC BY-SA 3.0",
    "CC BY-SA 4.0", "CC BY-NC-SA 1.0", "CC BY-NC-SA 2.0", "CC BY-NC-SA 3.0", "CC BY-NC-SA 4.0", "CC0", "Apache-1.0",
    "Apache-2.0", "BSD", "MIT License", "GPL-1.0", "GPL-2.0", "GPL-3.0", "LGPL-2.0", "LGPL-3.0", "MPL-1.0", "MPL-2.0",
    "AFL-3.0", "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CDLA-SHARING-1.0", "ODC-By", "ODbl-1.0", "LDC User Agreement",
    "Non Commercial Use - ELRA END USER", "unknown", "custom",
]  # fmt: skip
Task = Literal[
    "machine translation", "speech recognition", "sentiment analysis", "language modeling", "topic classification",
    "dialect identification", "text generation", "cross-lingual information retrieval", "named entity recognition",
    "question answering", "multiple choice question answering", "information retrieval", "part of speech tagging",
    "language identification", "summarization", "speaker identification", "transliteration", "morphological analysis",
    "offensive language detection", "review classification", "gender identification", "fake news detection",
    "dependency parsing", "irony detection", "meter classification", "natural language inference", "instruction tuning",
    "Linguistic acceptability", "commonsense reasoning", "word prediction", "image captioning", "word similarity",
    "grammatical error correction", "intent classification", "sign language recognition", "optical character recognition",
    "fill-in-the blank", "relation extraction", "stance detection", "other",
]  # fmt: skip


def _field(name: str) -> str:
    """The catalogue's name of a field: `hf_link` is `HF Link`."""
    return name.replace("_", " ").title().replace("Hf ", "HF ")


class Subset(Struct, rename="pascal", forbid_unknown_fields=True):
    """A part of a dataset in one dialect."""

    name: str
    volume: float
    unit: str
    dialect: Dialect


class Entry(Struct, rename=_field, forbid_unknown_fields=True):
    """An entry of the catalogue. Empty is what is not known or does not apply."""

    name: Annotated[str, Meta(min_length=1)]
    subsets: list[Subset]
    hf_link: Address
    link: Address
    license: Licence
    year: Annotated[int, Meta(ge=1900, le=2200)] | Literal[""]
    language: Literal["ar", "multilingual"]
    dialect: Dialect
    domain: list[
        Literal[
            "social media", "news articles", "reviews", "commentary", "books", "wikipedia", "web pages", "public datasets",
            "TV Channels", "captions", "LLM", "other",
        ]
    ]  # fmt: skip
    form: Literal["text", "spoken", "images", "videos"]
    collection_style: list[Style]
    description: str
    volume: Annotated[float, Meta(ge=0)]
    unit: Literal["tokens", "sentences", "documents", "hours", "images", "videos"]
    ethical_risks: Literal["Low", "Medium", "High"]
    provider: list[str]
    derived_from: list[str]
    paper_title: str
    paper_link: Address
    script: Literal["Arab", "Latin", "Arab-Latin"]
    tokenized: bool
    host: Host
    access: Literal["Free", "Upon-Request", "With-Fee"]
    cost: str
    test_split: bool
    tasks: list[Task]
    venue_title: str
    venue_type: Venue | Literal[""]
    venue_name: str
    authors: list[str]
    affiliations: list[str]
    abstract: str
    added_by: str


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an entry."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Entry)}


def entry(configs: dict[str, Config], corpus: About, book: Codebook, prose: Prose) -> Entry | None:
    """The entry of a dataset; None if its language is not Arabic."""
    if corpus.language.split("-")[0] != "ar":
        return None
    languages = {language.split("-")[0] for language in configs["articles"].languages if language}
    told, paper = prose.masader, prose.paper
    host = urlsplit(prose.url).netloc.removeprefix("www.")
    return Entry(
        name=corpus.name,
        subsets=[],
        hf_link=prose.url if host == "huggingface.co" else "",
        link=prose.url,
        license=licence(corpus),
        year=prose.published.year if prose.published else "",
        language="ar" if languages <= {"ar"} else "multilingual",
        dialect=told.dialect,
        domain=["news articles"],
        form="text",
        collection_style=told.collection_style,
        description=paragraph(prose.summary),
        volume=float(sum(configs["articles"].rows.values())),
        unit="documents",
        ethical_risks=told.ethical_risks,
        provider=told.provider,
        derived_from=told.derived_from,
        paper_title=paper.title if paper else "",
        paper_link=paper.url if paper else "",
        script="Arab",
        tokenized=False,
        host=HOSTS.get(host, "other"),
        access=told.access,
        cost=told.cost,
        test_split=any("test" in config.rows for config in configs.values()),
        tasks=list(dict.fromkeys(TASKS.get(question.id, "other") for question in book.labelled if question.id in configs)),
        venue_title=paper.venue if paper else "",
        venue_type=paper.venue_type if paper else "",
        venue_name=paper.venue_name if paper else "",
        authors=[author.full for author in prose.authors],
        affiliations=list(dict.fromkeys(author.affiliation for author in prose.authors if author.affiliation)),
        abstract=paper.abstract if paper else "",
        added_by=told.added_by,
    )


def licence(corpus: About) -> Licence:
    """The catalogue's name of a licence, `custom` where it has none or labels and text have two."""
    if corpus.licence.labels != corpus.licence.text:
        return "custom"
    known = spdx(corpus.licence.labels) or ""
    named = _NAMES.get(known) or re.sub(r"^CC-([A-Z-]+)-(\d\.0)$", r"CC \1 \2", known)
    return cast(Licence, named) if named in get_args(Licence) else "custom"
