"""The papers that machines read: croissant.json by mlcroissant, CITATION.cff, masader.json; and the plots."""

import hashlib
import json
from datetime import date
from io import BytesIO

import jsonschema
import msgspec
import numpy as np
import pytest
import yaml
from matplotlib import image

import schemas
from corpus import plots as shared
from corpus.errors import CorpusError
from corpus.release.check import papers
from corpus.release.dataset.publish import publish
from corpus.release.layout import manifest
from corpus.release.layout.manifest import About
from corpus.release.papers import card, citation, croissant, masader, plots, prose
from corpus.workspace import Licence

TOLD = """
summary = "Tiny articles\\nabout an act."
demographics = "Two people from Talwan."
published = 2026-11-30
url = "https://huggingface.co/datasets/lab/tiny"
doi = "10.5281/zenodo.123"
[[authors]]
given = "ليلى"
family = "حداد"
affiliation = "Lab"
orcid = "https://orcid.org/0000-0002-1825-0097"
[[authors]]
name = "The Lab"
affiliation = "University"
[paper]
title = "A tiny paper"
url = "https://example.org/paper.pdf"
venue = "ACL"
venue_name = "Association of Small Things"
venue_type = "conference"
[masader]
provider = ["Lab"]
"""
ABOUT = About("tiny", "1.2.0", "ar", Licence("CC-BY-4.0", "CC-BY-4.0"))
RAI = {
    "dataCollection", "dataCollectionType", "dataCollectionMissingData", "dataCollectionRawData", "dataCollectionTimeframe",
    "dataImputationProtocol", "dataPreprocessingProtocol", "dataManipulationProtocol", "dataAnnotationProtocol",
    "dataAnnotationPlatform", "dataAnnotationAnalysis", "dataReleaseMaintenancePlan", "personalSensitiveInformation",
    "dataSocialImpact", "dataBiases", "dataLimitations", "dataUseCases", "annotationsPerItem", "annotatorDemographics",
    "machineAnnotationTools",
}  # fmt: skip
"""The properties of Croissant RAI 1.0."""


@pytest.fixture
def told(corpus):
    (corpus.root / "card.toml").write_text(TOLD, "utf-8")
    publish(corpus)
    return corpus.release


def words(value):
    """What mlcroissant reads, as Python has it: text comes back as bytes."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {name.rpartition("/")[2]: words(part) for name, part in value.items()}
    if isinstance(value, list | np.ndarray):
        return [words(part) for part in value]
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and np.isnan(value) else value


@pytest.mark.parametrize("config", ["stance", "topic", "annotations", "articles", "items"])
def test_mlcroissant_reads_every_row(told, load, config):
    import mlcroissant

    with papers.quiet():
        rows = [words(row) for row in mlcroissant.Dataset(str(told / croissant.CROISSANT)).records(config)]
    loaded = load(config)
    split = "of_split" if "split" in next(iter(loaded.values())).column_names else "split"
    meant = [{split: side, **row} for side, part in loaded.items() for row in part]
    key = list(meant[0])[1]
    for row, wanted in zip(sorted(rows, key=lambda r: r[key]), sorted(meant, key=lambda r: r[key]), strict=True):
        # An array of no rows is null to mlcroissant.
        assert {name: value or None for name, value in row.items()} == {name: value or None for name, value in wanted.items()}


def test_each_file_is_hashed_once_for_croissant_and_the_manifest(corpus, monkeypatch):
    asked, of_file = [], manifest.of_file
    monkeypatch.setattr(manifest, "of_file", lambda path: asked.append(path.relative_to(path.parents[1])) or of_file(path))
    publish(corpus)
    assert len(asked) == len(set(asked)) == len(manifest.read(corpus.release).files)


def test_labels_are_enumerations_with_their_frozen_integers(told):
    import mlcroissant

    with papers.quiet():
        rows = list(mlcroissant.Dataset(str(told / croissant.CROISSANT)).records("labels/stance"))
    assert [tuple(words(dict(row)).values()) for row in rows] == [
        (0, "مؤيد", "Favor", "favor"),
        (1, "معارض", "Against", "against"),
        (2, "محايد", "Neutral", "neutral"),
    ]


def test_croissant_has_a_hash_for_every_shard_and_a_field_for_every_column(told):
    read = json.loads((told / croissant.CROISSANT).read_text("utf-8"))
    files = {name: file.sha256 for name, file in manifest.read(told).files.items() if name.endswith(".parquet")}
    folder, *inside = read["distribution"]
    assert {node["@id"]: node["sha256"] for node in inside if "sha256" in node} == files
    listed = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(files.items()))
    assert folder["sha256"] == hashlib.sha256(listed.encode()).hexdigest()
    assert all(node["containedIn"] == {"@id": folder["@id"]} for node in inside)
    stance = next(records for records in read["recordSet"] if records["@id"] == "stance")
    assert [field["name"] for field in stance["field"]][:4] == ["split", "item_id", "article_id", "target"]
    label = next(field for field in stance["field"] if field["name"] == "label")
    assert label["references"] == {"field": {"@id": "labels/stance/code"}}


def test_croissant_tells_who_judged_and_how_far_they_agreed(told):
    read = json.loads((told / croissant.CROISSANT).read_text("utf-8"))
    said = {name.removeprefix("rai:"): value for name, value in read.items() if name.startswith("rai:")}
    assert said.keys() <= RAI
    assert said["dataAnnotationPlatform"] == ["Label Studio"]
    assert said["annotatorDemographics"] == "Two people from Talwan."
    assert "dataCollection" not in said  # nobody has written it
    per_item = "1.67 on average, 1 to 2, by 3 people in all; made from 2025-01-02 to 2025-01-02"
    assert said["annotationsPerItem"] == per_item
    assert said["dataAnnotationAnalysis"][0].startswith("stance: Krippendorff's alpha 0.000, raw agreement 0.500, 2 units")
    assert read["temporalCoverage"] == "2024-11-06/2024-11-06"
    assert read["conformsTo"] == croissant.SPECIFICATIONS
    assert read["creator"][0] == {"@type": "sc:Person", "name": "ليلى حداد"}


def test_citation_is_what_the_format_asks(told):
    read = yaml.safe_load((told / citation.CITATION).read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= read.keys()  # the four that the format requires
    assert read["cff-version"] == "1.2.0"
    assert (read["type"], read["date-released"], read["license"]) == ("dataset", "2026-11-30", "CC-BY-4.0")
    assert read["abstract"] == "Tiny articles about an act."
    person = {"family-names": "حداد", "given-names": "ليلى", "affiliation": "Lab"}
    assert read["authors"] == [person | {"orcid": "https://orcid.org/0000-0002-1825-0097"}, {"name": "The Lab"}]
    assert read["preferred-citation"]["collection-title"] == "Association of Small Things"


def test_bibtex_of_dataset_and_paper(told):
    text = (told / "README.md").read_text("utf-8")
    assert "@misc{tiny,\n  title = {tiny},\n  author = {حداد, ليلى and {The Lab}},\n  year = {2026}," in text
    assert "@inproceedings{paper,\n  title = {A tiny paper}," in text


def test_no_authors_no_citation(corpus):
    publish(corpus)
    assert not (corpus.release / citation.CITATION).exists()


def test_masader_entry_is_valid(told):
    read = json.loads((told / masader.MASADER).read_text("utf-8"))
    schema = json.loads(schemas.schema_path("masader").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(read, schema)
    assert len(read) == len(schema["$defs"]["Entry"]["required"]) == 33
    assert read["HF Link"] == read["Link"] == "https://huggingface.co/datasets/lab/tiny"
    assert (read["Host"], read["Year"], read["Volume"], read["Test Split"]) == ("HuggingFace", 2026, 5.0, True)
    assert read["Tasks"] == ["stance detection", "topic classification", "other"]
    assert (read["License"], read["Venue Type"], read["Authors"]) == ("custom", "conference", ["ليلى حداد", "The Lab"])


@pytest.mark.parametrize("change", [{"Dialect": "Sidrania"}, {"Tokenized": "No"}, {"Extra": 1}, {"Year": "2026"}])
def test_masader_schema_refuses(told, change):
    read = json.loads((told / masader.MASADER).read_text("utf-8")) | change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read, json.loads(schemas.schema_path("masader").read_text("utf-8")))


@pytest.mark.parametrize(
    ("labels", "text", "named"),
    [
        ("CC-BY-4.0", "CC-BY-4.0", "CC BY 4.0"),
        ("cc-by-nc-sa-4.0", "cc-by-nc-sa-4.0", "CC BY-NC-SA 4.0"),
        ("CC0-1.0", "CC0-1.0", "CC0"),
        ("MIT", "MIT", "MIT License"),
        ("ours", "ours", "custom"),
        ("CC-BY-4.0", "ours", "custom"),
        ("EUPL-1.2", "EUPL-1.2", "custom"),
    ],
)
def test_licences_have_the_catalogue_s_names(labels, text, named):
    assert masader.licence(msgspec.structs.replace(ABOUT, licence=Licence(labels, text))) == named


def test_a_licence_that_spdx_does_not_list_is_not_cited():
    assert citation.spdx("all rights reserved") is None
    assert citation.spdx("MIT OR Apache-2.0") is None
    told = citation.cff(
        msgspec.structs.replace(ABOUT, licence=Licence("ours", "ours")), prose.Prose(authors=[prose.Author(name="x")])
    )
    assert "license" not in yaml.safe_load(told)


BARS = (("مؤيد\nFavor", (3, 1)), ("معارض\nAgainst", (0, 2)))
DRAWN = {
    "labels": (lambda: plots.labels.__wrapped__("الموقف · Stance", ("train", "test"), BARS)),
    "lengths": lambda: plots.lengths.__wrapped__((3, 5, 5, 900)),
    "one length": lambda: plots.lengths.__wrapped__((5,)),
    "months": lambda: plots.months.__wrapped__((("2023-11", 2), ("2024-02", 1))),
    "agreement": lambda: plots.agreement.__wrapped__(
        (("stance", 0.5, (0.4, 0.6)), ("topic", None, None)), (("stance", 0.7, None), ("topic", 1.0, None))
    ),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_plot_has_the_same_bytes_whatever_the_user_s_settings(draw):
    import matplotlib

    first = draw()
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.dpi": 20, "figure.dpi": 20}):
        assert draw() == first
    assert b"Software" not in first and b"matplotlib" not in first.lower()
    shape = image.imread(BytesIO(first)).shape
    assert shape[1] == 880 and shape[0] > 200


def test_bars_are_as_long_as_their_counts():
    pixels = image.imread(BytesIO(plots.labels("t", ("train", "test"), BARS)))[..., :3]
    blue, orange = (np.abs(pixels - np.array([int(c[at : at + 2], 16) / 255 for at in (1, 3, 5)])).sum(axis=2) < 0.05
                    for c in ("#1f6f8b", "#8a5a83"))  # fmt: skip
    below = slice(60, None)  # the legend is above
    widths = [mask[below].sum(axis=1).max() for mask in (blue, orange)]
    assert widths[0] / widths[1] == pytest.approx(3 / 2, abs=0.05)


def test_letters_are_joined():
    figure = shared.figure(height=1)
    joined, apart = (figure.text(0, 0, "\u200c".join(letters)) for letters in (["ههه"], "ههه"))
    assert joined.get_window_extent().width < apart.get_window_extent().width


def test_a_withheld_release_has_papers_that_quote_nothing(told, corpus):
    full = {name: (told / name).read_bytes() for name in ("masader.json", "CITATION.cff", "card.json")}
    publish(corpus, text="withheld")
    assert {name: (told / name).read_bytes() for name in full} == full
    read = (told / croissant.CROISSANT).read_text("utf-8")
    assert "fingerprint" in read and '"column": "text"' not in read
    assert (told / "plots" / "lengths.png").exists()


def test_papers_name_what_is_wrong_with_card_json(told):
    (told / card.GIVEN).write_text("{}")
    with pytest.raises(CorpusError, match=r"card\.json is not valid"):
        card.given(told)


def test_the_sample_s_prose_is_complete():
    from corpus.sample.replay import FOLDER

    sample = msgspec.toml.decode((FOLDER / "card.toml").read_bytes(), type=prose.Prose)
    assert prose.missing(sample) == []
    assert sample.published is not None and sample.published >= date(2026, 1, 1)
