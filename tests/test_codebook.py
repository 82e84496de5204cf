"""Codebooks: the shipped ones hold what was promised, and a wrong one is refused with every fault named."""

import re
import unicodedata
from pathlib import Path

import msgspec
import pytest

import schemas
from corpus import codebook
from corpus.codebook import LANGUAGES, Question
from corpus.errors import CorpusError

TOPICS = {
    "01000000": 0,
    "02000000": 1,
    "03000000": 2,
    "04000000": 3,
    "05000000": 4,
    "06000000": 5,
    "07000000": 6,
    "08000000": 7,
    "09000000": 8,
    "10000000": 9,
    "11000000": 10,
    "12000000": 11,
    "13000000": 12,
    "14000000": 13,
    "15000000": 14,
    "16000000": 15,
    "17000000": 16,
}

# Released datasets hold these integers. A change here breaks every reader of them: add a label at the end instead.
FROZEN = {
    ("news-stance", "stance"): {"favor": 0, "against": 1, "neutral": 2, "unrelated": 3, "cannot_judge": 4},
    ("news-stance", "topic"): TOPICS,
    ("news-topic", "topic"): TOPICS,
    ("claim-stance", "stance"): {"agree": 0, "disagree": 1, "discuss": 2, "unrelated": 3},
}

QUESTIONS = {
    "news-stance": [
        ("stance", "item", "single", True),
        ("topic", "article", "single", True),
        ("evidence", "item", "span", False),
        ("comment", "item", "text", False),
    ],
    "news-topic": [("topic", "article", "single", True), ("comment", "item", "text", False)],
    "claim-stance": [
        ("stance", "item", "single", True),
        ("evidence", "item", "span", False),
        ("comment", "item", "text", False),
    ],
}

SHIPPED_FILES = [*map(schemas.codebook_path, QUESTIONS), schemas.topics_path("iptc-media-topics")]


def test_exactly_the_promised_codebooks_ship():
    assert set(schemas.codebook_names()) == set(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_shipped_codebook_loads_and_asks_what_was_promised(name):
    book = codebook.load(name)
    assert book.ref == f"{name}@1.0.0"
    assert book.targets == (name != "news-topic")
    assert [(q.id, q.scope, q.type, q.required) for q in book.questions] == QUESTIONS[name]


@pytest.mark.parametrize(("name", "question_id"), FROZEN)
def test_label_integers_are_frozen(name, question_id):
    question = codebook.load(name).question(question_id)
    assert {choice.value: choice.code for choice in question.choices} == FROZEN[name, question_id]
    assert question.values == list(FROZEN[name, question_id])


def test_every_label_that_ships_is_frozen():
    shipped = {(name, question.id) for name in QUESTIONS for question in codebook.load(name).labelled}
    assert shipped == set(FROZEN)


@pytest.mark.parametrize("name", ["news-stance", "claim-stance"])
def test_stance_hotkeys_follow_the_order_of_the_labels(name):
    stance = codebook.load(name).question("stance")
    assert [choice.hotkey for choice in stance.choices] == [str(n) for n in range(1, len(stance.choices) + 1)]


@pytest.mark.parametrize("name", QUESTIONS)
def test_annotators_read_everything_in_both_languages(name):
    book = codebook.load(name)
    texts = [book.title, book.instructions]
    for question in book.questions:
        texts += [question.name, question.hint]
        for choice in question.choices:
            texts += [choice.name, choice.definition]
            if question.id == "stance":
                texts += [{"ar": ar, "en": en} for ar, en in zip(*map(choice.examples.get, LANGUAGES), strict=True)]
                assert 1 <= len(choice.examples["ar"]) <= 2
    for text in texts:
        assert set(text) == set(LANGUAGES)
        assert re.search("[ء-ي]", text["ar"])
        assert not re.search("[A-Za-z]", text["ar"])  # a Latin word would turn the line's direction
        assert re.search("[A-Za-z]", text["en"])
        assert not re.search("[ء-ي]", text["en"])
    paragraphs = {language: len(text.splitlines()) for language, text in book.instructions.items()}
    assert 6 <= paragraphs["ar"] == paragraphs["en"] <= 10


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.name)
def test_shipped_text_is_composed_and_has_no_hidden_characters(path):
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]


def test_topics_are_the_17_of_iptc_each_with_its_own_name_and_definition():
    topics = codebook.load("news-topic").question("topic").choices
    assert len(topics) == 17
    for language in LANGUAGES:
        assert len({topic.name[language] for topic in topics}) == 17
        assert len({topic.definition[language] for topic in topics}) == 17
    assert topics[7].name["en"] == "human interest"
    assert topics[15].name["ar"] == "النزاعات والحرب والسلام"


def test_topic_definitions_send_annotators_to_other_topics_by_their_exact_names():
    topics = codebook.load("news-topic").question("topic").choices
    for topic in topics:
        others = [other.name for other in topics if other is not topic]
        sent_to = re.findall("«([^»]*)»", topic.definition["ar"])
        assert set(sent_to) <= {name["ar"] for name in others}
        sent_to_in_english = [name["ar"] for name in others if f" to {name['en']}" in topic.definition["en"]]
        assert sorted(sent_to) == sorted(sent_to_in_english)
        assert sent_to or topic.value == "08000000"  # human interest sends to whatever question the person stands for


def test_topic_list_names_its_source_and_licence():
    topics = msgspec.json.decode(schemas.topics_path("iptc-media-topics").read_bytes(), type=codebook.TopicList)
    assert topics.source == "IPTC NewsCodes Media Topics, http://cv.iptc.org/newscodes/mediatopic/"
    assert topics.licence == "CC BY 4.0"


GOOD = """\
name: tiny
version: "1.0.0"
title: {ar: صغير, en: Tiny}
targets: false
instructions: {ar: اقرأ., en: Read.}
questions:
  - id: tone
    scope: item
    type: single
    name: {ar: النبرة, en: Tone}
    choices:
      - {value: calm, code: 0, hotkey: "1", name: {ar: هادئة, en: Calm}}
      - {value: sharp, code: 1, hotkey: "2", name: {ar: حادة, en: Sharp}}
  - id: words
    scope: item
    type: span
    name: {ar: الألفاظ, en: Words}
"""
SHARP = '      - {value: sharp, code: 1, hotkey: "2", name: {ar: حادة, en: Sharp}}\n'
WORDS = "    name: {ar: الألفاظ, en: Words}\n"

FAULTS = {
    "duplicate code": ("code: 1", "code: 0", "question 'tone': codes must be 0 to 1, each once; got [0, 0]"),
    "code left out": ("code: 1", "code: 2", "question 'tone': codes must be 0 to 1, each once; got [0, 2]"),
    "no Arabic choice name": ("{ar: حادة, en", "{en", "question 'tone': choice 'sharp' has no name in ar"),
    "no Arabic question name": ("{ar: النبرة, en", "{en", "question 'tone': its name lacks ar"),
    "no English title": (", en: Tiny", "", "the title lacks en"),
    "one choice": (SHARP, "", "question 'tone': a single choice needs at least 2 choices; got 1"),
    "hotkey twice": ('hotkey: "2"', 'hotkey: "1"', "hotkey '1' is used 2 times"),
    "choice twice": ("value: sharp", "value: calm", "question 'tone': choice 'calm' occurs 2 times"),
    "question twice": ("id: words", "id: tone", "question 'tone' is asked 2 times"),
    "span with choices": (
        WORDS,
        WORDS + "    choices:\n" + SHARP.replace("code: 1", "code: 0").replace('"2"', '"3"'),
        "question 'words': a span question takes no choices; got 1",
    ),
    "span about an article": (
        "scope: item\n    type: span",
        "scope: article\n    type: span",
        "question 'words': a span question is about an item; got scope article",
    ),
}


def refusal(tmp_path: Path, content: str) -> CorpusError:
    (tmp_path / "tiny.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        codebook.load("tiny.yaml", tmp_path)
    assert str(caught.value).startswith(str(tmp_path / "tiny.yaml"))
    assert f"To mend it: {caught.value.fix}" in str(caught.value)
    assert caught.value.fix
    assert caught.value.exit_code == 2
    return caught.value


def test_a_codebook_of_ones_own_is_found_near_the_corpus(tmp_path):
    (tmp_path / "tiny.yaml").write_text(GOOD, encoding="utf-8")
    book = codebook.load("tiny.yaml", tmp_path)
    assert book.ref == "tiny@1.0.0"
    assert [question.id for question in book.labelled] == ["tone"]
    assert book.question("tone").choice("sharp").code == 1


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_and_is_the_only_one(tmp_path, old, new, fault):
    assert GOOD.count(old) == 1
    assert refusal(tmp_path, GOOD.replace(old, new)).what.splitlines()[1:] == [f"  - {fault}"]


def test_all_faults_are_told_at_once(tmp_path):
    content = GOOD.replace(", en: Tiny", "").replace("{ar: حادة, en", "{en").replace('hotkey: "2"', 'hotkey: "1"')
    error = refusal(tmp_path, content)
    assert error.what.count("\n  - ") == 3
    for name in ("no English title", "no Arabic choice name", "hotkey twice"):
        assert FAULTS[name][2] in error.what


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("targets:", "colour: red\ntargets:"),
        ("type: span", "type: span\n    colour: red"),
        ("code: 1", "code: 1, colour: red"),
    ],
    ids=["codebook", "question", "choice"],
)
def test_an_unknown_field_is_named(tmp_path, old, new):
    assert "unknown field `colour`" in refusal(tmp_path, GOOD.replace(old, new)).what


@pytest.mark.parametrize("content", ["", "questions: [", "- a list"])
def test_a_file_that_is_no_codebook_is_refused(tmp_path, content):
    assert "is not a codebook" in refusal(tmp_path, content).what


def test_choices_are_given_in_one_place(tmp_path):
    error = refusal(tmp_path, GOOD.replace("    choices:\n", "    choices_from: iptc-media-topics\n    choices:\n"))
    assert "question 'tone' has both choices and choices_from" in error.what


def test_choices_from_an_unknown_list_names_the_list(tmp_path):
    error = refusal(tmp_path, GOOD.replace(WORDS, WORDS + "    choices_from: moods\n"))
    assert "question 'words' takes its choices from 'moods', which is not a shipped list" in error.what


def test_a_span_takes_no_choices_from_a_list(tmp_path):
    error = refusal(tmp_path, GOOD.replace(WORDS, WORDS + "    choices_from: iptc-media-topics\n"))
    assert "question 'words': a span question takes no choices; got 17" in error.what


@pytest.mark.parametrize("name", ["news-stances", "mine.yaml", ""])
def test_an_unknown_codebook_is_answered_with_the_shipped_ones(tmp_path, name):
    with pytest.raises(CorpusError) as caught:
        codebook.load(name, tmp_path)
    assert caught.value.what == f"there is no codebook {name!r}"
    assert "claim-stance, news-stance, news-topic" in caught.value.fix


def test_a_missing_question_is_answered_with_those_that_exist():
    with pytest.raises(CorpusError) as caught:
        codebook.load("news-stance").question("mood")
    assert "codebook news-stance@1.0.0 has no question 'mood'; it has stance, topic, evidence, comment" in str(caught.value)
    assert "To mend it: " in str(caught.value)


def test_a_missing_choice_is_a_key_error_and_values_follow_the_codes():
    question: Question = codebook.load("claim-stance").question("stance")
    shuffled = msgspec.structs.replace(question, choices=question.choices[::-1])
    assert shuffled.values == ["agree", "disagree", "discuss", "unrelated"]
    with pytest.raises(KeyError, match="maybe"):
        question.choice("maybe")
