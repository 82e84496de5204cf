"""The labeling page: what the codebook says, laid out in its direction, and nothing of an article that could run."""

from xml.etree import ElementTree as ET

import msgspec
import pytest
from label_studio_sdk.label_interface import LabelInterface
from labeling_corpus import article, item

import schemas
from corpus import codebook
from corpus.labeling import guidelines, interface
from corpus.labeling.answers import to_result
from corpus.records import Span, Target

BOOKS = schemas.codebook_names()
HOSTILE = "<img src=x onerror=alert(1)> & \"'</View>"


@pytest.mark.parametrize("language", ["ar", "en", "fa", "fr"])
@pytest.mark.parametrize("name", BOOKS)
def test_label_studios_own_check_accepts_the_config(name: str, language: str) -> None:
    LabelInterface(interface.config(codebook.load(name), language)).validate()


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", BOOKS)
def test_choices_are_the_codebooks_in_the_order_of_codes(name: str, language: str) -> None:
    book = codebook.load(name)
    root = ET.fromstring(interface.config(book, language))
    shown = {tag.attrib["name"]: tag for tag in root.iter("Choices")}
    assert list(shown) == [question.id for question in book.labelled]
    for question in book.labelled:
        tag = shown[question.id]
        assert [choice.attrib["alias"] for choice in tag] == question.values
        assert [choice.attrib["value"] for choice in tag] == [question.choice(v).name[language] for v in question.values]
        assert [choice.get("hotkey") for choice in tag] == [question.choice(v).hotkey for v in question.values]
        assert tag.attrib["choice"] == {"single": "single-radio", "multiple": "multiple"}[question.type]
        assert tag.attrib["required"] == ("true" if question.required else "false")
        assert question.name[language] in tag.get("requiredMessage", "") or not question.required


def test_every_question_is_asked_once_of_the_same_text() -> None:
    book = codebook.load("news-stance")
    root = ET.fromstring(interface.config(book, "ar"))
    asked = {tag.attrib["name"]: tag.tag for tag in root.iter() if "toName" in tag.attrib}
    assert asked == {"evidence": "Labels", "stance": "Choices", "topic": "Choices", "comment": "TextArea"}
    assert {tag.attrib["toName"] for tag in root.iter() if "toName" in tag.attrib} == {"text"}
    assert [tag.attrib["name"] for tag in root.iter("Text")] == ["text"]
    assert not list(root.iter("HyperText")), "it would run an article's markup"


def test_a_shown_target_is_there_only_if_the_codebook_has_targets() -> None:
    assert "$target" in interface.config(codebook.load("news-stance"), "ar")
    assert "$target" not in interface.config(codebook.load("news-topic"), "ar")


@pytest.mark.parametrize(
    ("language", "way", "word"),
    [("ar", "rtl", "مؤيد"), ("ar-EG", "rtl", "Favor"), ("en", "ltr", "Favor"), ("fr", "ltr", "Favor"), ("fa", "rtl", "Favor")],
)
def test_the_page_runs_in_the_direction_of_its_language(language: str, way: str, word: str) -> None:
    page = interface.config(codebook.load("news-stance"), language)
    assert f"direction: {way}" in page.splitlines()[0]
    assert f'value="{word}"' in page
    assert guidelines.html(codebook.load("news-stance"), language).startswith(f'<div class="warraq-guide" dir="{way}">')


def hostile_book() -> codebook.Codebook:
    book = codebook.load("claim-stance")
    both = {"ar": HOSTILE, "en": HOSTILE}
    stance = book.question("stance")
    choices = [msgspec.structs.replace(stance.choices[0], name=both, definition=both), *stance.choices[1:]]
    stance = msgspec.structs.replace(stance, name=both, hint=both, choices=choices)
    return msgspec.structs.replace(book, title=both, instructions=both, questions=[stance, *book.questions[1:]])


def test_markup_in_a_codebook_stays_text() -> None:
    page = interface.config(hostile_book(), "ar")
    assert "<img" not in page
    assert HOSTILE in [tag.get("value") for tag in ET.fromstring(page).iter("Choice")]
    LabelInterface(page).validate()


def test_instructions_escape_markup() -> None:
    page = guidelines.html(hostile_book(), "en")
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt; &amp;") == 6  # title, paragraph, question, hint, choice, definition
    assert page.count("<b>") == 4


def test_instructions_hold_every_label_and_paragraph() -> None:
    for name in BOOKS:
        book = codebook.load(name)
        root = ET.fromstring(guidelines.html(book, "ar"))
        assert [b.text for b in root.iter("b")] == [q.choice(v).name["ar"] for q in book.questions for v in q.values]
        words = [p.text for p in root.iter("p")]
        assert all(line.strip() in words for line in book.instructions["ar"].splitlines() if line.strip())


def test_a_task_holds_what_is_shown_and_the_ids_that_bring_it_back() -> None:
    of = article(1, "<script>alert(1)</script> نص", title="<b>عنوان</b>")
    target = Target("transit", {"ar": "قانون", "en": "Act"}, "policy", ["قانون"])
    task = interface.task_data(item(of, "transit"), of, target, "ar")
    assert task["text"] == of.text, "shown by <Text>, letter for letter: offsets must not move"
    assert (task["title"], task["target"]) == ("<b>عنوان</b>", "قانون")
    assert "المنارة" in task["outlet"] and "2024" in task["outlet"]
    assert task["item_id"] == item(of, "transit").id and task["article_id"] == of.id
    assert task["sha256"] == of.sha256 and task["codebook"] == "news-stance@1.0.0"
    assert interface.task_data(item(of, "transit"), of, target, "fr")["target"] == "Act"


def test_a_task_of_a_bare_article_shows_dashes_and_no_none() -> None:
    bare = msgspec.structs.replace(article(1, title=None), source=None, published=None)
    task = interface.task_data(item(bare, None), bare, None, "ar")
    assert (task["title"], task["outlet"], task["target"]) == ("—", "—", "")


def test_an_answer_made_by_warraq_is_what_the_page_would_send() -> None:
    page = LabelInterface(interface.config(codebook.load("news-stance"), "ar"))
    of = article(1)
    span = Span("evidence", 0, 4, of.text[:4])
    answers: dict[str, str | list[str]] = {"stance": "favor", "topic": "04000000"}
    assert page.validate_annotation({"result": [{"id": "a", **r} for r in to_result(answers, [span], None)]})
    assert not page.validate_annotation({"result": [{"id": "a", **r} for r in to_result({"stance": "no"}, [], None)]})
