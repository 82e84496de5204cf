import json
import re
from pathlib import Path

import msgspec
import pytest
from datasets import load_dataset_builder
from huggingface_hub import DatasetCard
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.errors import CorpusError
from corpus.release import card, dataset, tables

AGREEMENT = {
    "codebook": "tiny@1.0.0",
    "questions": [
        {
            "question": "stance",
            "scope": "item",
            "units": 2,
            "annotators": 3,
            "answers": 5,
            "alpha": 0.6123,
            "alpha_interval": [0.4, 0.8],
            "raw": 0.5,
            "raw_interval": None,
            "note": None,
        },
        {
            "question": "topic",
            "scope": "article",
            "units": 2,
            "annotators": 2,
            "answers": 4,
            "alpha": None,
            "alpha_interval": None,
            "raw": 1.0,
            "raw_interval": None,
            "note": "everyone gave one answer",
        },
    ],
}
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


def block(text, name):
    """The cells of a block's table rows, head first, without the rule."""
    inside = re.search(rf"<!-- gen:{name} start -->\n(.*?)\n<!-- gen:{name} end -->", text, re.DOTALL)[1]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in inside.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set("-: ")]


@pytest.fixture
def text(corpus):
    dataset.publish(corpus)
    return corpus.card.read_text("utf-8")


def test_figures_are_those_of_the_release(text):
    assert dict(block(text, "overview")[1:]) == {
        "articles": "5",
        "articles with a gold answer": "3",
        "items (what an annotator judges once)": "4",
        "annotations, skipped ones included": "6",
        "annotators": "3",
    }
    assert block(text, "configs")[0] == ["config", "what", "train", "test", "full"]
    assert block(text, "configs")[1][2:] == ["2", "1", ""]
    assert block(text, "labels")[:5] == [
        ["label", "integer", "Arabic", "English", "train", "test"],
        ["`favor`", "0", "مؤيد", "Favor", "1", "0"],
        ["`against`", "1", "معارض", "Against", "0", "0"],
        ["`neutral`", "2", "محايد", "Neutral", "0", "1"],
        ["null", "", "", "tied", "1", "0"],
    ]
    assert block(text, "outlets")[1:] == [["الراية", "4"], ["not known", "1"]]
    assert "Published from 2024-11-06 to 2024-11-06." in text
    # words of the five articles: 8, 3, 5, 2, 4
    assert ["`articles`", "4", "2", "8"] in block(text, "lengths")
    assert block(text, "licences")[1] == ["labels", "CC-BY-4.0"]
    assert "Not measured yet" in text
    assert "Not trained yet" in text


def test_columns_are_explained(text):
    columns = block(text, "features")
    assert ["`label`", "ClassLabel (3)", "the settled answer; null where the votes are tied"] in columns
    assert ["`soft`", "struct of float64 by label", "probability of each label, by name"] in columns
    assert ["`target_ar`", "string", "name of the target (ar)"] in columns
    assert ["`tone`", "list of ClassLabel (2)", "the annotator's answer: Tone"] in columns


def test_scores_come_from_the_reports(corpus, text):
    corpus.reports.mkdir()
    (corpus.reports / "agreement.json").write_text(json.dumps(AGREEMENT))
    (corpus.reports / "baselines.json").write_text(json.dumps(BASELINES))
    card.fill(corpus)
    text = corpus.card.read_text("utf-8")
    assert block(text, "agreement")[1] == ["`stance`", "2", "3", "5", "0.612 (0.400 to 0.800)", "0.500", ""]
    assert block(text, "agreement")[2][4:] == ["not defined", "1.000", "everyone gave one answer"]
    scored = ["`stance`", "words (C = 1)", "30", "0.700 (0.600 to 0.800)", "0.200 (0.100 to 0.300)"]
    assert block(text, "baselines")[1] == scored
    assert "`tone` has no model: no baseline for multiple choice." in text


def test_a_report_of_another_shape_is_refused(corpus, text):
    corpus.reports.mkdir()
    (corpus.reports / "agreement.json").write_text('{"questions": [{"question": 1}]}')
    with pytest.raises(CorpusError, match=r"agreement\.json is not a valid report"):
        card.fill(corpus)


def test_prose_is_kept_and_blocks_are_refreshed(corpus, said, rewrite, text):
    prose = "## كلامي\n\nنثر \\1 <b>لا يُمسّ</b>\r\n"
    corpus.card.write_bytes((prose + text.replace("| articles | 5 |", "| articles | 999 |")).encode())
    said.annotations[4] = msgspec.structs.replace(said.annotations[4], annotator="p1")
    said.annotations[5] = msgspec.structs.replace(said.annotations[5], annotator="p1")
    rewrite(said)
    dataset.publish(corpus)
    after = corpus.card.read_bytes().decode()
    assert after.startswith(prose)
    assert after[len(prose) :] == text.replace("| annotators | 3 |", "| annotators | 2 |")


def test_a_card_may_stand_elsewhere(corpus, text, tmp_path):
    own = tmp_path / "CARD.md"
    own.write_text("before\n<!-- gen:licences start --><!-- gen:licences end -->\nafter\n")
    report = card.fill(corpus, own)
    assert report.blocks == ["licences"]
    assert "CC-BY-4.0" in own.read_text()
    assert own.read_text().endswith("<!-- gen:licences end -->\nafter\n")
    assert corpus.card.read_text("utf-8") == text
    assert (corpus.release / "README.md").read_text("utf-8").endswith(own.read_text())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("\n<!-- gen:lengths start -->", "block gen:lengths is not closed"),
        ("<!-- gen:figures start --><!-- gen:figures end -->", ":1: got '<!-- gen:figures start -->'"),
        ("\n\n<!-- gen:labels end -->", ":3: got '<!-- gen:labels end -->'"),
        ("<!-- gen:labels start -->\n<!-- gen:lengths start -->", "where `gen:labels end` should stand"),
        ("<!-- gen:labels -->", "got '<!-- gen:labels -->'"),
    ],
)
def test_a_wrong_block_is_named_and_nothing_is_written(corpus, text, body, message):
    corpus.card.write_text(body)
    readme = (corpus.release / "README.md").read_bytes()
    with pytest.raises(CorpusError, match=re.escape(message)):
        card.fill(corpus)
    assert corpus.card.read_text() == body
    assert (corpus.release / "README.md").read_bytes() == readme


@given(before=st.text(), after=st.text())
def test_whatever_stands_outside_a_block_is_kept(before, after):
    assume("gen:" not in before + after)
    body = f"{before}<!-- gen:labels start -->old<!-- gen:labels end -->{after}"
    once, _ = card.refresh(body, {"labels": "new"}, Path("CARD.md"))
    assert once == body.replace(">old<", ">\nnew\n<")
    assert card.refresh(once, {"labels": "new"}, Path("CARD.md"))[0] == once


def test_a_card_that_is_no_text_is_refused(corpus, text):
    corpus.card.write_bytes(b"\xff\xfe")
    with pytest.raises(CorpusError, match="is not UTF-8: byte 0"):
        card.fill(corpus)


def test_no_release_no_card(corpus):
    with pytest.raises(CorpusError, match="warraq publish"):
        card.fill(corpus)
    assert not corpus.card.exists()


def test_readme_is_yaml_and_the_card(corpus, text, tmp_path):
    readme = (corpus.release / "README.md").read_text("utf-8")
    assert readme.endswith(text)
    data = DatasetCard(readme).data
    assert (data.language, data.license, data.pretty_name) == (["ar"], "cc-by-4.0", "tiny")
    assert (data.task_categories, data.size_categories) == (["text-classification"], ["n<1K"])
    assert [config["config_name"] for config in data.configs if config.get("default")] == ["stance"]
    info = load_dataset_builder(str(corpus.release), "topic", cache_dir=str(tmp_path / "cache")).info
    assert info.features["label"].names == ["01000000", "no"]
    assert info.splits["train"].num_examples == 2


def test_a_licence_in_plain_words_is_other(corpus):
    config = corpus.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace("CC-BY-4.0", "ask the publisher"), "utf-8")
    dataset.publish(type(corpus)(corpus.root))
    data = DatasetCard((corpus.release / "README.md").read_text("utf-8")).data
    assert (data.license, data.license_name) == ("other", "ask the publisher")


def test_what_a_person_must_fill_is_named(corpus, text):
    unfilled = card.fill(corpus).unfilled
    assert len(unfilled) == 6
    assert unfilled[0].startswith("two or three sentences")


def test_a_hostile_cell_stays_a_cell():
    made = tables.table(["outlet", "n"], [["a|b\n<!-- gen:labels end -->\\", 1234]])
    assert made.splitlines()[2] == "| a\\|b &lt;!-- gen:labels end --&gt;\\\\ | 1,234 |"
    assert len(made.splitlines()) == 3
