"""A small corpus: five articles, four items, three annotators, one tie, one skip, emoji and diacritics."""

from types import SimpleNamespace

from corpus import store
from corpus.records import (
    Annotation,
    AnnotationOrigin,
    Article,
    Block,
    Embed,
    Gold,
    Item,
    Origin,
    Span,
    Split,
    text_sha256,
)

CODEBOOK = """\
name: tiny
version: "1.0.0"
title: {ar: صغير, en: Tiny}
targets: true
instructions: {ar: اقرأ, en: Read}
questions:
  - id: stance
    scope: item
    type: single
    name: {ar: الموقف, en: Stance}
    choices:  # not in the order of their codes
      - {value: against, code: 1, name: {ar: معارض, en: Against}}
      - {value: favor, code: 0, name: {ar: مؤيد, en: Favor}}
      - {value: neutral, code: 2, name: {ar: محايد, en: Neutral}}
  - id: topic
    scope: article
    type: single
    name: {ar: الموضوع, en: Topic}
    choices:  # values that YAML would take for a number and for a truth value
      - {value: "01000000", code: 0, name: {ar: فنون, en: Arts}}
      - {value: "no", code: 1, name: {ar: لا شيء, en: None of these}}
  - id: tone
    scope: item
    type: multiple
    name: {ar: النبرة, en: Tone}
    choices:
      - {value: angry, code: 0, name: {ar: غاضب, en: Angry}}
      - {value: ironic, code: 1, name: {ar: ساخر, en: Ironic}}
  - id: evidence
    scope: item
    type: span
    name: {ar: الشاهد, en: Evidence}
  - id: comment
    scope: item
    type: text
    name: {ar: ملاحظة, en: Comment}
"""
TARGETS = """\
- {id: act, kind: policy, names: {ar: قانون النقل, en: Transit Act}, phrases: [قانون النقل]}
"""
A, B, C, D, E = (letter * 16 for letter in "abcde")
# An emoji outside the Basic Multilingual Plane stands before the span: offsets count code points, not UTF-16 units.
TEXT = "قالَ 🙂 المُتحدّثُ إنَّ القانون جيّد\nوانتهى الخبر."
SPAN = Span("evidence", 7, 16, TEXT[7:16])


def article(id_, text, source="الراية", published="2024-11-06", title="عنوان | أول"):
    origin = Origin("home/someone/page.txt", "portal", 1, "0" * 64, "portal")
    return Article(
        id=id_,
        url=f"https://example.org/{id_}",
        title=title,
        text=text,
        source=source,
        author=None,
        published=published,
        section=None,
        keywords=["نقل"],
        language="ar",
        parent=None,
        related=[],
        blocks=[Block("paragraph", 0, len(text))],
        embeds=[Embed("tweet", "نص", None, "2024-11-20", None, 3)],
        sha256=text_sha256(text),
        origin=origin,
    )


def annotation(id_, item, annotator, text, answers, spans=(), status="submitted", comment=None):
    origin = AnnotationOrigin("http://secret-host.invalid:8080", 1, 2, 3)
    return Annotation(
        id=id_,
        item_id=item,
        annotator=annotator,
        status=status,
        answers=answers,
        spans=list(spans),
        comment=comment,
        seconds=12.5,
        created="2025-01-02T03:04:05.678900Z",
        updated="2025-01-02T06:04:05+03:00",
        codebook="tiny@1.0.0",
        sha256=text_sha256(text),
        origin=origin,
    )


def records():
    """The records of the corpus, by attribute of the workspace."""
    texts = {A: TEXT, B: "نص ثان قصير", C: "نص ثالث لا بأس به", D: "نص رابع", E: "نص خامس بلا أحد"}
    articles = [article(id_, text) for id_, text in texts.items()]
    articles[1] = article(B, texts[B], source=None, published=None, title=None)
    items = [Item(x[0] * 15 + "1", x, text_sha256(texts[x]), "act", "tiny@1.0.0") for x in (A, B, C, D)]
    a1, b1, c1, d1 = (item.id for item in items)
    annotations = [
        annotation("u1", a1, "p1", TEXT, {"stance": "favor", "topic": "no", "tone": ["ironic", "angry"]}, [SPAN]),
        annotation("u2", a1, "p2", TEXT, {"stance": "favor", "topic": "no", "tone": []}, comment="واضح 👍"),
        annotation("u3", b1, "p1", texts[B], {"stance": "favor", "topic": "01000000"}),
        annotation("u4", b1, "p2", texts[B], {"stance": "against", "topic": "01000000"}),
        annotation("u5", c1, "p3", texts[C], {"stance": "neutral"}),
        annotation("u6", d1, "p3", texts[D], {}, status="skipped"),
    ]
    gold = [
        Gold(A, a1, "act", "stance", "favor", {"favor": 1.0}, {"favor": 2}, "majority", "agreed"),
        Gold(
            A,
            a1,
            "act",
            "tone",
            ["angry", "ironic"],
            {"angry": 0.5, "ironic": 0.5},
            {"angry": 1, "ironic": 1},
            "adjudicated:a-0000000000",
            "adjudicated",
        ),
        Gold(A, None, None, "topic", "no", {"no": 1.0}, {"no": 2}, "majority", "agreed"),
        Gold(B, b1, "act", "stance", None, {"favor": 0.5, "against": 0.5}, {"favor": 1, "against": 1}, "majority", "tied"),
        Gold(B, None, None, "topic", "01000000", {"01000000": 1.0}, {"01000000": 2}, "majority", "agreed"),
        Gold(C, c1, "act", "stance", "neutral", {"neutral": 1.0}, {"neutral": 1}, "majority", "majority"),
    ]
    splits = [Split(A, "train", A), Split(B, "train", A), Split(C, "test", C), Split(D, "train", D)]
    return SimpleNamespace(articles=articles, items=items, annotations=annotations, gold=gold, splits=splits)


def write(corpus, kept):
    """Write the records into the corpus folder."""
    for name, rows in vars(kept).items():
        store.write(getattr(corpus, name), rows)
