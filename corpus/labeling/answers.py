"""One annotator's answers, as Label Studio stores them (`result`) and as Warraq does (answers, spans, comment).

Reads an exported annotation; what does not fit the codebook or the text is an `Unfit`, with its reason.
"""

from typing import Any

from corpus.codebook import Codebook, Question
from corpus.labeling.interface import TEXT
from corpus.records import Annotation, AnnotationOrigin, Item, Span

COMMENT = "comment"
"""The text question that fills an annotation's `comment`; other text questions are answers."""

MALFORMED = (KeyError, TypeError, ValueError, AttributeError)
"""What reading an answer of another shape raises: the server stores what its API is given, unchecked."""


def wrong_answer(book: Codebook, name: str, answer: str | list[str]) -> str | None:
    """What is wrong with an answer to a question with labels, if anything: one sentence."""
    question = next((question for question in book.labelled if question.id == name), None)
    if question is None:
        return f"{book.ref} has no question {name!r} with labels"
    if isinstance(answer, str) != (question.type == "single"):
        return f"question {name!r} takes {'one label' if question.type == 'single' else 'a list of labels'}"
    offered = {choice.value for choice in question.shown}
    unknown = [value for value in ([answer] if isinstance(answer, str) else answer) if value not in offered]
    return f"question {name!r} does not offer {unknown[0]!r}" if unknown else None


class Unfit(Exception):
    """An annotation that cannot be used as it stands: a reason code, and a sentence."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def to_result(answers: dict[str, str | list[str]], spans: list[Span], comment: str | None) -> list[dict[str, Any]]:
    """Label Studio's `result` for these answers."""
    result = [
        _region(question, "choices", {"choices": [value] if isinstance(value, str) else value})
        for question, value in answers.items()
    ]
    result += [
        _region(s.question, "labels", {"start": s.start, "end": s.end, "text": s.text, "labels": [s.question]}) for s in spans
    ]
    return result + ([_region(COMMENT, "textarea", {"text": [comment]})] if comment else [])


def _region(question: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": question, "to_name": TEXT, "type": kind, "value": value}


def to_annotation(
    exported: dict[str, Any], annotator: str, item: Item, text: str, book: Codebook, origin: AnnotationOrigin
) -> Annotation:
    """An exported annotation as a record.

    Args:
        exported: one element of an exported task's `annotations`.
        annotator: the pseudonym.
        item: what was judged.
        text: the article as the annotator saw it.
        book: the codebook that was used.
        origin: where the annotation was made.

    Raises:
        Unfit: a question or choice that the codebook does not have, a required question without an answer, a span that
            is not the text's, or a text that is not the item's.
    """
    skipped = bool(exported["was_cancelled"])
    answers, spans, comments = _read([] if skipped else exported["result"], book, text)
    missing = [q.id for q in book.questions if q.required and q.type in ("single", "multiple") and q.id not in answers]
    if missing and not skipped:
        raise Unfit("missing_answer", f"no answer to {', '.join(missing)}, which {book.ref} requires")
    return Annotation(
        id=str(exported["unique_id"]),
        item_id=item.id,
        annotator=annotator,
        status="skipped" if skipped else "submitted",
        answers=dict(sorted(answers.items())),
        spans=sorted(spans, key=lambda span: (span.start, span.end, span.question)),
        comment="\n".join(comments) or None,
        seconds=exported.get("lead_time"),
        created=exported["created_at"],
        updated=exported["updated_at"],
        codebook=item.codebook,
        sha256=item.sha256,
        origin=origin,
    )


def _read(result: list[dict[str, Any]], book: Codebook, text: str) -> tuple[dict[str, str | list[str]], list[Span], list[str]]:
    """Answers by question, spans and the lines of the comment."""
    answers: dict[str, str | list[str]] = {}
    spans: list[Span] = []
    comments: list[str] = []
    for region in result:
        question = _asked(book, region.get("from_name"))
        if question.id in answers:
            raise Unfit("answered_twice", f"question {question.id!r} is answered twice")
        try:
            value = region["value"]
            if question.type == "span":
                spans.append(_span(question, value, text))
            elif question.id == COMMENT:
                comments += _lines(value["text"])
            elif question.type == "text":
                answers[question.id] = "\n".join(_lines(value["text"]))
            else:
                answers[question.id] = _choice(question, value["choices"])
        except MALFORMED as error:
            raise Unfit("malformed", f"the answer to {question.id!r} has no proper value: {error!r:.60}") from None
    return answers, spans, comments


def _asked(book: Codebook, name: Any) -> Question:
    for question in book.questions:
        if question.id == name:
            return question
    raise Unfit("unknown_question", f"{book.ref} has no question {name!r}")


def _choice(question: Question, chosen: list[str]) -> str | list[str]:
    if unknown := [value for value in chosen if value not in question.values]:
        raise Unfit("unknown_choice", f"question {question.id!r} has no choice {unknown[0]!r}")
    if retired := [value for value in chosen if question.choice(value).retired]:
        raise Unfit("retired_choice", f"question {question.id!r} does not offer {retired[0]!r} any more")
    if question.type == "multiple":
        return [value for value in question.values if value in chosen]
    if len(chosen) != 1:
        raise Unfit("many_choices", f"question {question.id!r} takes one answer; got {len(chosen)}")
    return chosen[0]


def _lines(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text


def _letters(text: str) -> str:
    """A text without white space, and without the `\\n` that Label Studio's page writes for a line break in marked words."""
    return "".join(text.replace("\\n", "").split())


def _span(question: Question, value: dict[str, Any], text: str) -> Span:
    start, end = int(value["start"]), int(value["end"])
    marked = text[start:end]
    if not 0 <= start < end <= len(text) or _letters(value["text"]) != _letters(marked):
        raise Unfit(
            "span_off_text",
            f"{question.id} [{start}:{end}] is {marked!r:.60} in the text, not {value['text']!r:.60}",
        )
    return Span(question.id, start, end, marked)
