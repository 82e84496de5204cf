"""croissant.json: a release as Croissant 1.1 tells it to machines, with the responsible-AI properties (RAI 1.0).

One FileObject for the folder, and one for each shard in it, with its SHA-256; one FileSet and one RecordSet a config, whose
field `split` comes from the file's name; and one RecordSet of labels for each labelled question, with the codebook's frozen
integers and names. mlcroissant reads no more of it than it needs: it takes a wrong hash, a column that is not there and a
`rai:` property that does not exist. So `warraq verify` writes the file anew and compares.
"""

import hashlib
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from datasets import ClassLabel, Features, List, Value
from datasets.features.features import FeatureType

from corpus import store
from corpus.codebook import Codebook, Question
from corpus.release.layout import features
from corpus.release.layout.manifest import About
from corpus.release.papers import citation, scores, tables
from corpus.release.papers.measured import Measured
from corpus.release.papers.prose import Prose, paragraph
from corpus.release.papers.released import Config

CROISSANT, FOLDER = "croissant.json", "files/all"
SPECIFICATIONS = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
Node = dict[str, Any]
_TYPES = {"string": "sc:Text", "int32": "cr:Int32", "int64": "cr:Int64", "float64": "cr:Float64"}
_CR: tuple[str, ...] = (
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "dataType",
    "equivalentProperty",
    "extract",
    "field",
    "fileObject",
)
_CR += ("fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField")
_CR += ("path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField")
_CR += ("transform",)
CONTEXT: Node = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "name": {"@container": "@language"},
    "description": {"@container": "@language"},
    **{name: f"cr:{name}" for name in _CR},
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
}
"""The context of the specification, version 1.1."""


def croissant(
    release: Path, configs: dict[str, Config], corpus: About, book: Codebook, prose: Prose, measured: list[Measured]
) -> bytes:
    """The file's bytes.

    Args:
        release: the folder, whose shards are hashed.
        configs: what it holds.
        corpus: what its settings say.
        book: the codebook it was labelled by.
        prose: what people wrote; texts that they did not write are left out.
        measured: agreement on each question.
    """
    licence = citation.spdx(corpus.licence.labels)
    articles = configs["articles"]
    told: Node = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": SPECIFICATIONS,
        "name": corpus.name,
        "description": paragraph(prose.summary),
        "version": corpus.version,
        "license": f"https://spdx.org/licenses/{licence}.html" if licence else corpus.licence.labels,
        "usageInfo": f"Licence of labels: {corpus.licence.labels}. Licence of text: {corpus.licence.text}.",
        "inLanguage": sorted({language for language in articles.languages if language} or {corpus.language}),
        "url": prose.url,
        "datePublished": prose.published.isoformat() if prose.published else None,
        "temporalCoverage": f"{articles.first}/{articles.last}" if articles.first else None,
        "creator": [_creator(author.full, bool(author.name)) for author in prose.authors],
        "citeAs": citation.bibtex(corpus, prose) if prose.authors else None,
        **_responsible(configs, book, prose, measured),
        "distribution": _distribution(release, configs),
        "recordSet": [_labels(question) for question in book.labelled if question.id in configs]
        + [_records(config, book) for config in configs.values()],
    }
    known = {name: value for name, value in told.items() if value not in (None, "", [])}
    return msgspec.json.format(store.encode(known), indent=2) + b"\n"


def _creator(name: str, organisation: bool) -> Node:
    return {"@type": "sc:Organization" if organisation else "sc:Person", "name": name}


def _responsible(configs: dict[str, Config], book: Codebook, prose: Prose, measured: list[Measured]) -> Node:
    """The RAI properties, from the annotations and from what people wrote."""
    protocol = f"Codebook {book.ref}: " + ", ".join(f"{q.id} ({q.type}, by {q.scope})" for q in book.questions) + "."
    told: Node = {
        "rai:dataCollection": prose.collection,
        "rai:dataPreprocessingProtocol": [tables.PROCESSING],
        "rai:dataAnnotationProtocol": [protocol, *([prose.annotators] if prose.annotators else [])],
        "rai:annotatorDemographics": prose.demographics,
        "rai:personalSensitiveInformation": prose.personal,
        "rai:dataUseCases": prose.uses,
        "rai:dataLimitations": [text for text in (prose.gaps, prose.misuse) if text],
        "rai:dataSocialImpact": prose.harms,
        "rai:dataBiases": prose.bias,
        "rai:dataReleaseMaintenancePlan": prose.maintenance,
    }
    annotations = configs.get("annotations")
    if annotations and annotations.judged:
        counts = list(annotations.judged.values())
        told |= {
            "rai:dataAnnotationPlatform": ["Label Studio"],
            "rai:annotationsPerItem": f"{statistics.mean(counts):.2f} on average, {min(counts)} to {max(counts)}, "
            f"by {len(annotations.annotators)} people in all; made from {annotations.first} to {annotations.last}",
            "rai:dataAnnotationAnalysis": [
                f"{m.question}: Krippendorff's alpha {scores.score(m.alpha, m.alpha_interval)}, raw agreement "
                f"{scores.score(m.raw, m.raw_interval)}, {m.units} units with two answers or more, {m.annotators} people"
                for m in measured
            ],
        }
    return told


def _distribution(release: Path, configs: dict[str, Config]) -> list[Node]:
    """The folder, and what is in it. A folder has no hash of its own, but must have one: that of its shards' list.

    It is told as a git repository, as it is on the Hub: from any other kind of container mlcroissant 1.1 reads the paths of
    files in the place of their rows.
    """
    inside = [node for config in configs.values() for node in _files(release, config)]
    hashes = sorted((node["@id"], node["sha256"]) for node in inside if "sha256" in node)
    listed = "".join(f"{sha256}  {name}\n" for name, sha256 in hashes)
    folder = {
        "@type": "cr:FileObject",
        "@id": FOLDER,
        "name": "release",
        "description": "The folder. Its SHA-256 is that of what `sha256sum` prints for its Parquet files, sorted by name.",
        "contentUrl": ".",
        "encodingFormat": "git+https",
        "sha256": hashlib.sha256(listed.encode()).hexdigest(),
    }
    return [folder, *inside]


def _files(release: Path, config: Config) -> Iterator[Node]:
    """A FileObject for each shard of a config, and the FileSet of them."""
    for name, file in config.hashes(release).items():
        yield {
            "@type": "cr:FileObject",
            "@id": name,
            "name": name,
            "containedIn": {"@id": FOLDER},
            "contentUrl": name,
            "contentSize": f"{file.bytes} B",
            "encodingFormat": "application/x-parquet",
            "sha256": file.sha256,
        }
    yield {
        "@type": "cr:FileSet",
        "@id": f"files/{config.name}",
        "name": f"{config.name}: its Parquet files",
        "containedIn": {"@id": FOLDER},
        "encodingFormat": "application/x-parquet",
        "includes": f"{config.name}/*.parquet",
    }


def _labels(question: Question) -> Node:
    """The labels of a question: integer, value, names."""
    ref = f"labels/{question.id}"
    languages = sorted({language for choice in question.choices for language in choice.name})
    kinds = {"code": "cr:Int64", "value": "sc:Text"} | {f"name_{language}": "sc:Text" for language in languages}
    rows = [
        {f"{ref}/code": choice.code, f"{ref}/value": choice.value}
        | {f"{ref}/name_{language}": choice.name.get(language) for language in languages}
        for choice in sorted(question.choices, key=lambda choice: choice.code)
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": ref,
        "name": ref,
        "dataType": "sc:Enumeration",
        "description": f"Labels of the question {question.id}. Their integers never change.",
        "key": {"@id": f"{ref}/code"},
        "field": [
            {"@type": "cr:Field", "@id": f"{ref}/{name}", "name": name, "dataType": kind} for name, kind in kinds.items()
        ],
        "data": rows,
    }


def _records(config: Config, book: Codebook) -> Node:
    """One config: a field for each column, and one for the split."""
    source = {"fileSet": {"@id": f"files/{config.name}"}}
    split = {
        "@type": "cr:Field",
        "@id": f"{config.name}/of_split" if "split" in config.features else f"{config.name}/split",
        "name": "split",
        "description": "the split, from the file's name",
        "dataType": ["sc:Text", "cr:Split"],
        "source": source | {"extract": {"fileProperty": "filename"}, "transform": {"regex": SPLIT_IN_NAME}},
    }
    columns = [_column(config, name, feature, book) for name, feature in config.features.items()]
    return {
        "@type": "cr:RecordSet",
        "@id": config.name,
        "name": config.name,
        "description": tables.what(config.name, book),
        "key": {"@id": f"{config.name}/{next(iter(config.features))}"},
        "field": [split, *columns],
    }


SPLIT_IN_NAME = rf"^({'|'.join([*features.SPLITS, features.FULL])})-\d{{5}}-of-\d{{5}}\.parquet$"


def _column(config: Config, name: str, feature: FeatureType, book: Codebook) -> Node:
    source = {"fileSet": {"@id": f"files/{config.name}"}, "extract": {"column": name}}
    node = _field(f"{config.name}/{name}", name, feature, source, ())
    node["description"] = tables.meaning(name, book)
    if isinstance(feature, ClassLabel):  # mlcroissant cannot join a list
        asked = name if config.name == "annotations" else config.name
        node["references"] = {"field": {"@id": f"labels/{asked}/code"}}
    return node


def _field(ref: str, name: str, feature: FeatureType, source: Node, path: tuple[str, ...]) -> Node:
    """A field and its sub-fields; `path` leads from the column to what this one is."""
    node: Node = {"@type": "cr:Field", "@id": ref, "name": name}
    if isinstance(feature, List):
        return _field(ref, name, feature.feature, source, path) | {"isArray": True, "arrayShape": "-1"}
    if isinstance(feature, dict | Features):
        node["subField"] = [_field(f"{ref}/{part}", part, kind, source, (*path, part)) for part, kind in feature.items()]
        return node
    node["dataType"] = _type(feature)
    node["source"] = source | ({"transform": [{"jsonPath": f"'{part}'"} for part in path]} if path else {})
    return node


def _type(feature: FeatureType) -> str:
    if isinstance(feature, ClassLabel):
        return "cr:Int64"
    if isinstance(feature, Value) and feature.dtype.startswith("timestamp"):
        return "sc:DateTime"
    return _TYPES[str(feature.dtype)]
