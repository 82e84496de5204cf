"""Codebook → the guidelines that annotators read, as Markdown and as the HTML of Label Studio's instruction box. Pure text.

Both hold the same: the instructions, then each question with its hint, labels, definitions and examples.
"""

from collections.abc import Iterator
from typing import Literal
from xml.etree import ElementTree as ET

from corpus.codebook import LANGUAGES, Choice, Codebook
from corpus.labeling.interface import direction

STYLE = """
.warraq-guide { line-height: 1.7; }
.warraq-guide p, .warraq-guide ul { margin: 0 0 .6rem; }
.warraq-guide h2 { font-size: 1.4rem; font-weight: 600; margin: 0 0 .6rem; }
.warraq-guide h3 { font-size: 1.15rem; font-weight: 600; margin: 1.4rem 0 .4rem; }
.warraq-guide ul { list-style: disc; padding-inline-start: 1.4rem; }
.warraq-guide ul ul { list-style: circle; margin: .2rem 0; opacity: .85; }
"""
"""Label Studio's own style takes margins, bullets and bold headings away; it strips style attributes, but not this."""

Part = tuple[Literal["title", "question", "paragraph"], str] | Choice


def markdown(book: Codebook) -> str:
    """The page in Arabic and then in English."""
    return "\n".join(line for language in LANGUAGES for line in _lines(book, language)).strip() + "\n"


def html(book: Codebook, language: str) -> str:
    """The page in one language (English if the codebook has no other), in its direction; all text is escaped."""
    page = ET.Element("div", {"class": "warraq-guide", "dir": direction(language)})
    ET.SubElement(page, "style").text = STYLE
    language = language if language in book.title else "en"
    choices = page
    for part in _parts(book, language):
        if not isinstance(part, Choice):
            kind, text = part
            ET.SubElement(page, {"title": "h2", "question": "h3", "paragraph": "p"}[kind]).text = text
            choices = page
            continue
        if choices is page:
            choices = ET.SubElement(page, "ul")
        row = ET.SubElement(choices, "li")
        name = ET.SubElement(row, "b")
        name.text, name.tail = part.name[language], _defined(part, language)
        if part.examples.get(language):
            examples = ET.SubElement(row, "ul")
            for example in part.examples[language]:
                ET.SubElement(examples, "li").text = example
    return ET.tostring(page, encoding="unicode", method="html")


def _parts(book: Codebook, language: str) -> Iterator[Part]:
    yield "title", book.title[language]
    for paragraph in book.instructions[language].splitlines():
        if paragraph.strip():
            yield "paragraph", paragraph.strip()
    for question in book.questions:
        yield "question", question.name[language]
        if question.hint.get(language):
            yield "paragraph", question.hint[language]
        yield from question.shown


def _lines(book: Codebook, language: str) -> Iterator[str]:
    listed = False
    for part in _parts(book, language):
        if isinstance(part, Choice):
            if not listed:
                yield ""
            hotkey = f" `{part.hotkey}`" if part.hotkey else ""
            yield f"- **{part.name[language]}**{hotkey}{_defined(part, language)}"
            yield from (f"  - {example}" for example in part.examples.get(language, []))
        else:
            kind, text = part
            yield from ("", {"title": "# ", "question": "## ", "paragraph": ""}[kind] + text)
        listed = isinstance(part, Choice)
    yield ""


def _defined(choice: Choice, language: str) -> str:
    return f" — {choice.definition[language]}" if choice.definition.get(language) else ""
