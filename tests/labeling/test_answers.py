"""Answers as Label Studio stores them and as Warraq does: there and back, and every way in which one can be unfit."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling_corpus import TEXT, article, item

from corpus import codebook
from corpus.codebook import Codebook, Question
from corpus.labeling.answers import Unfit, to_annotation, to_result, wrong_answer
from corpus.records import Annotation, AnnotationOrigin, Span

BOOK = codebook.load("news-stance")
ORIGIN = AnnotationOrigin("http://127.0.0.1:1", 1, 2, 3)
FULL: dict[str, str | list[str]] = {"stance": "favor", "topic": "04000000"}


def read(result: Any, text: str = TEXT, book: Codebook = BOOK, **more: Any) -> Annotation:
    exported = {
        "unique_id": "u-1",
        "was_cancelled": False,
        "result": result,
        "lead_time": 3.5,
        "created_at": "2025-01-01T00:00:00.000001Z",
        "updated_at": "2025-01-02T00:00:00.000001Z",
        **more,
    }
    return to_annotation(exported, "a-1", item(article(1, text), "transit"), text, book, ORIGIN)


def reason(result: Any, **more: Any) -> str:
    with pytest.raises(Unfit) as caught:
        read(result, **more)
    assert len(caught.value.detail) > 10
    return caught.value.reason


def region(question: str, kind: str, value: Any) -> dict[str, Any]:
    return {"from_name": question, "to_name": "text", "type": kind, "value": value}


texts = st.text(alphabet="نصَُّا ل🙂👨‍👩‍👧\n\té-", min_size=1, max_size=40)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(texts)
    spans = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        spans.append(Span("evidence", start, end, text[start:end]))
    return text, spans


@given(marked(), st.sampled_from(BOOK.question("stance").values), st.none() | st.text(min_size=1))
def test_answers_come_back_as_they_were(case: tuple[str, list[Span]], stance: str, comment: str | None) -> None:
    text, spans = case
    found = read(to_result({"stance": stance, "topic": "01000000"}, spans, comment), text)
    assert found.answers == {"stance": stance, "topic": "01000000"}
    assert sorted(found.spans, key=str) == sorted(spans, key=str)
    assert all(span.text == text[span.start : span.end] for span in found.spans)
    assert found.comment == comment


def test_a_record_says_who_what_when_and_where() -> None:
    found = read(to_result(FULL, [], "واضح"))
    of = item(article(1), "transit")
    assert (found.id, found.annotator, found.status, found.seconds) == ("u-1", "a-1", "submitted", 3.5)
    assert (found.item_id, found.sha256, found.codebook, found.origin) == (of.id, of.sha256, of.codebook, ORIGIN)
    assert found.updated == "2025-01-02T00:00:00.000001Z"


def test_a_skip_has_no_answers_whatever_was_begun() -> None:
    found = read([region("stance", "choices", {"choices": ["nonsense"]})], was_cancelled=True)
    assert (found.status, found.answers, found.spans) == ("skipped", {}, [])


@pytest.mark.parametrize(
    ("why", "extra"),
    [
        ("unknown_question", region("mood", "choices", {"choices": ["favor"]})),
        ("unknown_question", {"type": "relation", "from_id": "a", "to_id": "b"}),
        ("answered_twice", region("stance", "choices", {"choices": ["against"]})),
        ("span_off_text", region("evidence", "labels", {"start": 0, "end": 4, "text": "other"})),
        ("span_off_text", region("evidence", "labels", {"start": 0, "end": 4, "text": ""})),
        ("span_off_text", region("evidence", "labels", {"start": 0, "end": len(TEXT) + 1, "text": TEXT})),
        ("span_off_text", region("evidence", "labels", {"start": -4, "end": -1, "text": TEXT[-4:-1]})),
        ("span_off_text", region("evidence", "labels", {"start": 4, "end": 4, "text": ""})),
        ("malformed", region("evidence", "labels", {"start": 0, "end": 4})),
        ("malformed", region("evidence", "labels", {"start": "x", "end": 4, "text": "قالَ"})),
        ("malformed", region("evidence", "labels", {"start": None, "end": 4, "text": "قالَ"})),
        ("malformed", region("evidence", "labels", None)),
        ("malformed", region("comment", "textarea", {"text": None})),
        ("malformed", {"from_name": "evidence"}),
    ],
)
def test_an_annotation_with_one_wrong_part_is_unfit(why: str, extra: dict[str, Any]) -> None:
    assert reason([*to_result(FULL, [], None), extra]) == why


@pytest.mark.parametrize(
    ("why", "value"),
    [
        ("unknown_choice", {"choices": ["Favor"]}),
        ("unknown_choice", {"choices": [["favor"]]}),
        ("many_choices", {"choices": ["favor", "against"]}),
        ("many_choices", {"choices": []}),
        ("malformed", {}),
        ("malformed", {"choices": None}),
        ("malformed", {"choices": 5}),
    ],
)
def test_a_wrong_choice_is_unfit(why: str, value: dict[str, Any]) -> None:
    assert reason([region("stance", "choices", value), region("topic", "choices", {"choices": ["01000000"]})]) == why


@pytest.mark.parametrize("given_answers", [{}, {"stance": "favor"}, {"topic": "01000000"}])
def test_a_required_question_without_an_answer_is_unfit(given_answers: dict[str, str | list[str]]) -> None:
    assert reason(to_result(given_answers, [], "ملاحظة")) == "missing_answer"


def test_words_marked_over_a_line_break_are_read_by_their_offsets() -> None:
    """Label Studio's page writes a backslash and an n for the line break (captureSelection in its front end)."""
    start, end = TEXT.index("جيّدة"), TEXT.index("الخبر")
    value = {"start": start, "end": end, "text": TEXT[start:end].strip().replace("\n", "\\n")}
    found = read([*to_result(FULL, [], None), region("evidence", "labels", value)])
    assert found.spans == [Span("evidence", start, end, TEXT[start:end])]


def test_a_multiple_choice_is_kept_in_the_codebooks_order_and_a_text_question_is_an_answer() -> None:
    names = {"ar": "س", "en": "q"}
    stance = msgspec.structs.replace(BOOK.question("stance"), type="multiple", required=False)
    book = msgspec.structs.replace(BOOK, questions=[stance, Question("why", "item", "text", names)])
    result = [
        region("stance", "choices", {"choices": ["neutral", "favor"]}),
        region("why", "textarea", {"text": ["أول", "ثان"]}),
    ]
    assert read(result, book=book).answers == {"stance": ["favor", "neutral"], "why": "أول\nثان"}
    assert read([region("why", "textarea", {"text": "واحد"})], book=book).answers == {"why": "واحد"}


def test_an_answer_offered_to_people_is_right_and_any_other_is_told() -> None:
    book = codebook.load("news-stance")
    several = [msgspec.structs.replace(q, type="multiple") if q.id == "topic" else q for q in book.questions]
    wide = msgspec.structs.replace(book, questions=several)
    assert wrong_answer(book, "topic", "01000000") is None
    assert wrong_answer(wide, "topic", ["01000000", "04000000"]) is None and wrong_answer(wide, "topic", []) is None
    assert wrong_answer(book, "topic", ["01000000"]) == "question 'topic' takes one label"
    assert wrong_answer(wide, "topic", "01000000") == "question 'topic' takes a list of labels"
    assert wrong_answer(wide, "topic", ["01000000", "moon"]) == "question 'topic' does not offer 'moon'"
