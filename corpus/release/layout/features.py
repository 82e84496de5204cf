"""The configs of a release: columns, types and meanings. They follow from the codebook and the targets' languages.

One config for each labelled question, named by the question's id, and three more: `annotations`, `articles`, `items`.
A label is a ClassLabel whose integers are the codebook's frozen codes. What is not known is null, never -1.
"""

import re
from collections.abc import Iterable

from datasets import ClassLabel, Features, List, Value

from corpus.codebook import Codebook, Question
from corpus.errors import CorpusError

SPLITS = ("train", "validation", "test")
FULL = "full"
"""The split of a config that is not divided. The `datasets` library keeps the name `all` for itself."""

TEXT, INTEGER, REAL, TIME = Value("string"), Value("int32"), Value("float64"), Value("timestamp[us, tz=UTC]")
BLOCK = {"kind": TEXT, "start": INTEGER, "end": INTEGER}
EMBED = {"kind": TEXT, "text": TEXT, "author": TEXT, "published": TEXT, "url": TEXT, "at": INTEGER}
SPAN = {"question": TEXT, "start": INTEGER, "end": INTEGER, "text": TEXT}
OF_ARTICLE = dict.fromkeys(("title", "text", "source", "url", "published", "language"), TEXT)

MEANINGS = {
    "annotation_id": "id of the annotation",
    "item_id": "id of the item: what an annotator judges once",
    "article_id": "id of the article; it follows from the article's address, its outlet's number, or else the raw record",
    "target": "id of the target that the question is about",
    "title": "title as printed",
    "text": "what a reader reads; paragraphs end in a line feed; nothing is normalised but to Unicode NFC",
    "source": "publisher as printed",
    "url": "address of the article",
    "published": "ISO 8601 date, no more precise than what was printed",
    "language": "BCP 47 tag of the article",
    "label": "the settled answer; null where the votes are tied",
    "labels": "the settled answers, any number of them; null where the votes are tied",
    "soft": "probability of each label, by name",
    "votes": "number of annotators who gave each label, by name",
    "status": "how the answer was settled; of an annotation: submitted or skipped",
    "method": "the method that settled it",
    "evidence": "what annotators marked in `text`; offsets count Unicode code points",
    "group": "articles that must stay on one side of the split (copies, parts of one page) share it",
    "annotator": "pseudonym of the annotator",
    "spans": "what the annotator marked; offsets count Unicode code points of the text judged",
    "comment": "free remark of the annotator",
    "seconds": "time spent on the item, in seconds",
    "created": "when the annotation was first made (UTC)",
    "updated": "when it was last changed (UTC)",
    "sha256": "SHA-256 of the text (of the text that was judged, in items and annotations)",
    "author": "author as printed",
    "section": "section of the outlet, as printed",
    "keywords": "keywords as printed",
    "parent": "id of the article that this one was printed under",
    "related": "ids of the articles that this one names",
    "blocks": "paragraphs, headings, quotes and lists: `text[start:end]`",
    "embeds": "posts pasted into the article; `at` is where in `text` each stood",
    "codebook": "codebook the item is judged by, name@version",
    "split": "the split of the article in the labelled configs; null if it is in none",
    "words": "number of words of the text, which is withheld; `warraq rehydrate` puts in that of your own copy",
    "length": "number of Unicode code points of the text, which is withheld",
    "folded_sha256": "SHA-256 of the text without vowel marks, letter variants and line breaks",
    "fingerprint": "16 bits for each 8 words of the text, by which a copy is compared with it",
    "title_hash": "HMAC of the title; its key is the text",
    "archive": "format, number and SHA-256 of the raw record; the file's name where it is a WARC",
    "masked": "pieces of personal data struck out with `*`; `sha256` is of the text before that",
    "text_status": "the text beside the one that was judged: exact, normalised, partial, drifted, missing",
    "text_score": "share of the judged text that is in this one, 0 to 1",
}


def of_release(book: Codebook, languages: Iterable[str]) -> dict[str, Features]:
    """The features of every config that a release may have: labelled questions first, in the codebook's order.

    Args:
        book: the codebook.
        languages: the languages in which targets have names; each gives a column `target_LANGUAGE`.

    Raises:
        CorpusError: a question's id cannot be the name of a config or of a column.
    """
    target = {"target": TEXT, **{f"target_{lang}": TEXT for lang in sorted(languages)}} if book.targets else {}
    judged = {"item_id": TEXT, "article_id": TEXT, **target}
    asked = {q.id: answer_type(q) for q in columns(book)}
    configs = {q.id: _of_question(q, judged) for q in book.labelled}
    configs["annotations"] = Features(
        {"annotation_id": TEXT, **judged, "annotator": TEXT, "status": TEXT}
        | asked
        | {"spans": List(SPAN), "comment": TEXT, "seconds": REAL, "created": TIME, "updated": TIME, "sha256": TEXT}
    )
    configs["articles"] = Features(
        {"article_id": TEXT, **OF_ARTICLE, "author": TEXT, "section": TEXT, "keywords": List(TEXT)}
        | {"parent": TEXT, "related": List(TEXT), "blocks": List(BLOCK), "embeds": List(EMBED)}
        | {"sha256": TEXT, "split": TEXT}
    )
    configs["items"] = Features({**judged, "codebook": TEXT, "sha256": TEXT, "split": TEXT})
    taken = {"annotations", "articles", "items", *MEANINGS, *judged}
    for question in asked:
        if question in taken or not re.fullmatch(r"[A-Za-z]\w*", question, re.ASCII):
            raise CorpusError(
                f"codebook {book.ref}: {question!r} cannot name a question: it names a config or a column",
                "rename the question: Latin letters, digits and _, and none of " + ", ".join(sorted(taken)),
            )
    return configs


def columns(book: Codebook) -> list[Question]:
    """The questions that have a column of their own in `annotations`: all but spans and the comment."""
    return [q for q in book.questions if q.type in ("single", "multiple", "text") and q.id != "comment"]


def remarks(book: Codebook) -> list[str]:
    """The columns of `annotations` that hold what annotators wrote in words of their own."""
    return [*(q.id for q in columns(book) if q.type == "text"), "comment"]


def label_column(question: Question) -> str:
    """The column that holds the settled answer to a labelled question."""
    return "labels" if question.type == "multiple" else "label"


def answer_type(question: Question) -> ClassLabel | List | Value:
    """The type of an answer: a label, a list of labels, or text."""
    if question.type == "text":
        return TEXT
    label = ClassLabel(names=question.values)
    return List(label) if question.type == "multiple" else label


def _of_question(question: Question, judged: dict[str, Value]) -> Features:
    item = question.scope == "item"
    evidence = {"evidence": List({"annotator": TEXT, **SPAN})} if item else {}
    return Features(
        (judged if item else {"article_id": TEXT})
        | {"title": TEXT, "text": TEXT, label_column(question): answer_type(question)}
        | {"soft": dict.fromkeys(question.values, REAL), "votes": dict.fromkeys(question.values, INTEGER)}
        | {"status": TEXT, "method": TEXT}
        | evidence
        | dict.fromkeys(("source", "url", "published", "language", "group"), TEXT)
    )
