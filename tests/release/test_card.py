import json
import re
import shutil

import msgspec
import pytest
from datasets import ClassLabel, Features, load_dataset_builder
from huggingface_hub import DatasetCard

from corpus.errors import CorpusError
from corpus.labeling.agreement import agreement
from corpus.release.check import papers
from corpus.release.dataset.publish import publish
from corpus.release.layout import manifest
from corpus.release.layout.opened import Opened
from corpus.release.papers import card, measured, prose, readme, released, tables

BASELINES = {
    "questions": [
        {
            "question": "stance",
            "rows": {"train": 2, "validation": 1, "test": 30},
            "chosen": {"features": "words", "strength": 1.0, "validation_macro_f1": 0.5},
            "model": {"macro_f1": 0.7, "macro_f1_interval": [0.6, 0.8]},
            "majority": {"macro_f1": 0.2, "macro_f1_interval": [0.1, 0.3]},
        }
    ],
    "skipped": [{"question": "tone", "gold_rows": 1, "reason": "no baseline for multiple choice"}],
}
HUB = ["Summary", "Dataset structure", "Curation rationale", "Collection process", "Annotation process"]
HUB += ["Personal and sensitive information", "Social impact and harms", "Biases", "Known gaps", "Citation", "Authors"]
STATEMENT = ["Curation rationale", "Language variety", "Speaker demographics", "Annotator demographics"]
STATEMENT += ["Speech situation and text characteristics"]
DATASHEET = ["Curation rationale", "Dataset structure", "Collection process", "Preprocessing", "Intended uses"]
DATASHEET += ["Uses advised against", "Distribution and licences", "Maintenance and contact", "Funding"]


def section(text, name):
    """The rows of the first table below a heading, head first; and all of the section."""
    inside = re.search(rf"^#+ {re.escape(name)}\n(.*?)(?=^#+ |\Z)", text, re.DOTALL | re.MULTILINE)[1]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in inside.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set("-: ")], inside


@pytest.fixture
def text(corpus):
    publish(corpus)
    return (corpus.release / "README.md").read_text("utf-8")


def test_figures_are_those_of_the_release(text):
    assert dict(section(text, "Summary")[0][1:]) == {
        "articles": "5",
        "articles with a gold answer": "3",
        "items (what an annotator judges once)": "4",
        "annotations, skipped ones included": "6",
        "annotators": "3",
    }
    configs = section(text, "Configs and splits")[0]
    assert configs[0] == ["config", "what", "train", "test", "full"]
    assert configs[1][2:] == ["2", "1", ""]
    assert section(text, "Labels")[0][:5] == [
        ["label", "integer", "Arabic", "English", "train", "test"],
        ["`favor`", "0", "مؤيد", "Favor", "1", "0"],
        ["`against`", "1", "معارض", "Against", "0", "0"],
        ["`neutral`", "2", "محايد", "Neutral", "0", "1"],
        ["null", "", "", "tied", "1", "0"],
    ]
    told, whole = section(text, "Speech situation and text characteristics")
    assert told[1:3] == [["الراية", "4"], ["not known", "1"]]
    assert "Published from 2024-11-06 to 2024-11-06." in whole
    # words of the five articles: 8, 3, 5, 2, 4
    assert ["`articles`", "4", "2", "8"] in told
    settled = section(text, "Annotation process")[0]
    assert settled[1:4] == [
        ["`stance`", "majority", "agreed", "1"],
        ["`stance`", "majority", "majority", "1"],
        ["`stance`", "majority", "tied", "1"],
    ]
    assert section(text, "Distribution and licences")[0][1] == ["labels", "CC-BY-4.0"]
    assert "Not trained yet" in text


def test_agreement_is_counted_from_the_released_annotations(text):
    # stance: item a has favor, favor; item b favor, against. raw (1 + 0) / 2; expected 12 - 6 of 12 ordered pairs differ,
    # observed 2 / 1, so alpha = 1 - 2 * 3 / 6 = 0
    rows = section(text, "Agreement")[0]
    assert rows[1] == ["`stance`", "2", "3", "4", "0.000", "0.500"]
    # topic: two articles, each agreed on, two answers in all
    assert rows[2] == ["`topic`", "2", "2", "4", "1.000", "1.000"]
    # tone: one item, [ironic, angry] and []
    assert rows[3] == ["`tone`", "1", "2", "2", "0.000", "0.000"]


def test_agreement_is_that_of_the_report(corpus, said, rewrite, text):
    again = msgspec.structs.replace(
        said.annotations[0], id="u9", answers={"stance": "against"}, updated="2025-02-01T00:00:00Z"
    )
    said.annotations = sorted([*said.annotations, again], key=lambda a: (a.item_id, a.id))  # p1 has changed her mind
    rewrite(said)
    shutil.rmtree(corpus.release)
    publish(corpus)
    told = {q.question: (q.units, q.annotators, q.answers, q.alpha, q.raw) for q in agreement(corpus).questions}
    counted = {
        m.question: (m.units, m.annotators, m.answers, m.alpha, m.raw)
        for m in measured.measure(corpus.release, corpus.codebook())
    }
    assert told.keys() == counted.keys()
    for question, figures in told.items():
        assert counted[question] == pytest.approx(figures)


def test_intervals_are_the_reports_where_its_figures_are_the_release_s(corpus, text):
    agreement(corpus)
    report = json.loads((corpus.reports / "agreement.json").read_text())
    report["questions"][0] |= {"alpha_interval": [-0.5, 0.5], "raw_interval": [0.25, 0.75], "raw": 0.6}
    (corpus.reports / "agreement.json").write_text(json.dumps(report))
    card.fill(corpus)
    rows = section((corpus.release / "README.md").read_text("utf-8"), "Agreement")[0]
    assert rows[1][4:] == ["0.000 (-0.500 to 0.500)", "0.500"]


def test_scores_come_from_the_report(corpus, text):
    corpus.reports.mkdir()
    (corpus.reports / "baselines.json").write_text(json.dumps(BASELINES))
    card.fill(corpus)
    rows, whole = section(corpus.card.read_text("utf-8"), "Baselines")
    assert rows[1] == ["`stance`", "words (C = 1)", "30", "0.700 (0.600 to 0.800)", "0.200 (0.100 to 0.300)"]
    assert "`tone` has no model: no baseline for multiple choice." in whole


def test_a_report_of_another_shape_is_refused(corpus, text):
    corpus.reports.mkdir()
    (corpus.reports / "agreement.json").write_text('{"questions": [{"question": 1}]}')
    with pytest.raises(CorpusError, match=r"agreement\.json is not a valid report"):
        card.fill(corpus)


def test_columns_are_explained(text):
    columns = section(text, "Columns")[0]
    assert ["`label`", "ClassLabel (3)", "the settled answer; null where the votes are tied"] in columns
    assert ["`soft`", "struct of float64 by label", "probability of each label, by name"] in columns
    assert ["`target_ar`", "string", "name of the target (ar)"] in columns
    assert ["`tone`", "list of ClassLabel (2)", "the annotator's answer: Tone"] in columns


@pytest.mark.parametrize("headings", [HUB, STATEMENT, DATASHEET], ids=["hub", "data-statement", "datasheet"])
def test_every_question_has_its_heading(text, headings):
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    assert set(headings) <= set(found)
    assert len(found) == len(set(found))


def test_prose_is_the_person_s_and_stands_in_all_papers(corpus, text):
    toml = corpus.root / "card.toml"
    assert toml.read_bytes() == prose.TEMPLATE.read_bytes()
    asked = set(prose.Prose.__struct_fields__) - prose.OPTIONAL
    assert set(prose.unfilled(corpus)) == asked
    assert text.count("Not given.") == len(asked) - 2 + 1  # of them contact and date stand elsewhere; and the citation
    told = toml.read_text("utf-8").replace('gaps = """\n', 'gaps = """\nلا <b>لهجات</b> | \\\\1 {{ name }}\n\nوحرب\n')
    told = told.replace("# published = 2026-11-30", "published = 2026-11-30") + '[[authors]]\nname = "مختبر"\n'
    toml.write_text(told, "utf-8")
    report = card.fill(corpus)
    assert toml.read_text("utf-8") == told
    assert set(report.unfilled) == asked - {"gaps", "published", "authors"}
    for paper in (corpus.card, corpus.release / "README.md"):
        assert section(paper.read_text("utf-8"), "Known gaps")[1] == "\nلا <b>لهجات</b> | \\1 {{ name }}\n\nوحرب\n\n"
    croissant = json.loads((corpus.release / "croissant.json").read_text("utf-8"))
    assert croissant["rai:dataLimitations"] == ["لا <b>لهجات</b> | \\1 {{ name }}\n\nوحرب"]
    opened = Opened(corpus.release)
    assert [*papers.texts(opened), *papers.croissant(opened), *papers.plots(opened)] == []


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("summry = ''", "unknown field `summry`"),
        ("published = 'soon'", r"Expected `date"),
        ("[[authors]]\naffiliation = 'x'", "an author has `given` and `family`, or `name`"),
        ("url = 'example.org'", r"matching regex"),
        ("masader = {dialect = 'Sidrania'}", "Invalid enum value 'Sidrania'"),
        ("=", "Invalid"),
    ],
)
def test_a_wrong_card_toml_is_named(corpus, text, written, named):
    (corpus.root / "card.toml").write_text(written)
    with pytest.raises(CorpusError, match=named) as error:
        card.fill(corpus)
    assert str(corpus.root / "card.toml") in error.value.what


def test_a_card_that_a_person_wrote_is_not_overwritten(corpus):
    corpus.card.write_text("# My own words\n")
    with pytest.raises(CorpusError, match=r"put its prose into card\.toml"):
        publish(corpus)
    assert corpus.card.read_text() == "# My own words\n"
    assert not corpus.release.exists()


def test_no_release_no_card(corpus):
    with pytest.raises(CorpusError, match="warraq publish"):
        card.fill(corpus)
    assert not corpus.card.exists()


def test_papers_that_are_no_longer_made_are_removed(corpus, text):
    config = corpus.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('language = "ar"', 'language = "fa"'), "utf-8")
    assert (corpus.release / "masader.json").exists()
    (corpus.release / "plots" / "old.png").write_bytes(b"")
    report = card.fill(type(corpus)(corpus.root))
    assert "masader.json" not in report.papers
    assert not (corpus.release / "masader.json").exists()
    assert not (corpus.release / "plots" / "old.png").exists()
    assert set(manifest.read(corpus.release).files) == set(manifest.names(corpus.release))


def test_readme_is_yaml_and_the_card_with_plots(corpus, text, tmp_path):
    data = DatasetCard(text).data
    assert (data.language, data.license, data.pretty_name) == (["ar"], "cc-by-4.0", "tiny")
    assert (data.task_categories, data.size_categories) == (["text-classification"], ["n<1K"])
    assert data.task_ids == ["multi-class-classification", "multi-label-classification", "topic-classification"]
    assert data.license_details == "labels: CC-BY-4.0; text: all rights reserved by the publishers"
    assert [config["config_name"] for config in data.configs if config.get("default")] == ["stance"]
    builder = load_dataset_builder(str(corpus.release), "stance", cache_dir=str(tmp_path / "cache"))
    assert (builder.info.splits["train"].num_examples, builder.info.splits["test"].num_examples) == (2, 1)
    pictures = re.findall(r"^!\[.*\]\((.*)\)$", text, re.MULTILINE)
    assert sorted(pictures) == sorted(p.relative_to(corpus.release).as_posix() for p in corpus.release.glob("plots/*"))
    own = corpus.card.read_text("utf-8")
    assert own.startswith(card.HEAD + "# tiny\n")
    assert "![" not in own
    assert not re.search(r"\n{3}|\{[{%]", text.split("\n---\n")[1])


def test_a_label_of_digits_is_text_to_yaml_of_either_version(corpus):
    labels = Features({"label": ClassLabel(names=["01000000", "08000000", "no"])})  # 8 is no octal digit: text in YAML 1.1
    one = {"train": 1}
    configs = {name: released.Config(name, labels, {"train": []}, one, one, one) for name in ("topic", "articles")}
    told = readme.front_matter(configs, manifest.about(corpus.config), corpus.codebook())
    assert told.count("'0': '01000000'\n") == told.count("'1': '08000000'\n") == told.count("'2': 'no'\n") == 2


def test_a_licence_that_is_no_identifier_is_other(corpus):
    config = corpus.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('"CC-BY-4.0"', '"رخصة المختبر"'), "utf-8")
    publish(type(corpus)(corpus.root))
    data = DatasetCard((corpus.release / "README.md").read_text("utf-8")).data
    assert (data.license, data.license_name) == ("other", "رخصة المختبر")


@pytest.mark.parametrize("value", ["a|b", "a\nb", "<!-- gen -->", "back\\slash", "<b>"])
def test_a_cell_stays_a_cell(value):
    line = tables.table(["head"], [[value]]).splitlines()[2]
    assert len(re.split(r"(?<!\\)\|", line)) == 3
    assert "<" not in line


def test_outlets_are_ranked_and_the_rest_summed(corpus, text):
    config = released.read(corpus.release, ["stance", "topic", "tone"])["articles"]
    config.sources.clear()
    config.sources.update({f"outlet {number:02d}": 30 - number for number in range(25)})
    rows = tables.outlets(config).splitlines()
    assert rows[2] == "| outlet 00 | 30 |"
    assert rows[22] == "| 5 others | 40 |"  # 10 + 9 + 8 + 7 + 6


def test_a_config_of_another_codebook_is_named(corpus, text):
    shutil.copytree(corpus.release / "stance", corpus.release / "mood")
    with pytest.raises(CorpusError, match="configs that the codebook does not ask for: mood"):
        card.fill(corpus)
