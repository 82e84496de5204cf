"""Codebook → Label Studio's labeling config and the tasks' data. Pure text; talks to no server.

The article is shown by `<Text>`, which shows markup literally, so nothing in an article runs in the annotator's browser.
What Label Studio stores is the codebook's values (`alias`), whatever language they are shown in.
"""

from xml.etree import ElementTree as ET

from corpus.codebook import Codebook, Question
from corpus.records import Article, Item, Target

RTL_LANGUAGES = ("ar", "fa", "he", "ur", "ku", "ps")
TEXT = "text"
"""The name of the article's body in the config: every question is asked of it."""
VOTES = {"ar": "ما أجاب به غيرك", "en": "What others answered"}
MISSING = {"ar": "لم تُجِب بعد عن: ", "en": "Not answered yet: "}
CHOICE = {"single": "single-radio", "multiple": "multiple"}
"""What Label Studio calls the types of a question: round marks for one answer, square ones for several."""
MANY = 8
"""A question with more choices than this has them in two columns."""

STYLE = """
.warraq { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; line-height: 1.6;
  font-family: "Noto Naskh Arabic", "Amiri", "Geeza Pro", "Traditional Arabic", "Segoe UI", sans-serif; }
.warraq-article { flex: 3 1 26rem; min-width: 0; }
.warraq-questions { flex: 2 1 20rem; min-width: 0; position: sticky; top: 0; max-height: calc(100vh - 8rem);
  overflow-y: auto; }
.warraq-target { border-inline-start: 4px solid #d4722c; padding: .1rem .8rem; margin-bottom: .8rem;
  background: linear-gradient(rgba(212, 114, 44, .12) 0 100%) var(--color-neutral-background, Canvas);
  border-radius: 4px; position: sticky; top: 0; z-index: 1; }
.warraq-body, .warraq-body * { font-size: 1.15rem !important; line-height: 2 !important; }
.warraq-questions .lsf-choice { margin-block: 0; padding-block: .25rem; }
.warraq-questions .lsf-choice__checkbox { line-height: 1.5 !important; }
.warraq-votes { margin-block: .4rem; padding: .1rem .5rem .5rem; border: 1px dashed currentColor; border-radius: 4px; }
.warraq-many .lsf-choices { columns: 2; }
.warraq-many .lsf-choice { break-inside: avoid; }
"""


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if language.split("-")[0] in RTL_LANGUAGES else "ltr"


def config(book: Codebook, language: str, show_votes: bool = False) -> str:
    """The labeling config (XML) of a codebook, its words in `language` (`ar` or `en`), laid out in its direction.

    `show_votes` is for adjudication: the task's `votes` stand above the questions.
    """
    way = direction(language)
    language = language if language in book.title else "en"
    root = ET.Element("View", style=f"direction: {way}; text-align: start", className="warraq")
    ET.SubElement(root, "Style").text = STYLE
    article = ET.SubElement(root, "View", className="warraq-article")
    ET.SubElement(article, "Header", value="$title", size="3")
    ET.SubElement(article, "Header", value="$outlet", size="6")
    for question in book.questions:
        if question.type == "span":
            _span(article, question, language)
    body = ET.SubElement(article, "View", className="warraq-body")
    ET.SubElement(body, "Text", name=TEXT, value="$text", granularity="symbol", selectionEnabled="true")
    side = ET.SubElement(root, "View", className="warraq-questions")
    if book.targets:
        box = ET.SubElement(side, "View", className="warraq-target")
        ET.SubElement(box, "Header", value="$target", size="4")
    if show_votes:
        box = ET.SubElement(side, "View", className="warraq-votes")
        ET.SubElement(box, "Header", value=VOTES[language], size="5")
        ET.SubElement(box, "Text", name="votes", value="$votes")
    for question in book.questions:
        if question.type != "span":
            _question(side, question, language)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def _heading(parent: ET.Element, question: Question, language: str) -> ET.Element:
    view = ET.SubElement(parent, "View", className="warraq-many" if len(question.shown) > MANY else "warraq-few")
    ET.SubElement(view, "Header", value=question.name[language], size="5")
    return view


def _span(parent: ET.Element, question: Question, language: str) -> None:
    view = _heading(parent, question, language)
    labels = ET.SubElement(view, "Labels", name=question.id, toName=TEXT)
    labels.attrib |= _required(question, language)
    ET.SubElement(labels, "Label", value=question.name[language], alias=question.id, background="#d4722c")


def _question(parent: ET.Element, question: Question, language: str) -> None:
    view = _heading(parent, question, language)
    if question.type == "text":
        hint = question.hint.get(language, "")
        ET.SubElement(view, "TextArea", name=question.id, toName=TEXT, rows="2", maxSubmissions="1", placeholder=hint)
        return
    choices = ET.SubElement(view, "Choices", name=question.id, toName=TEXT, choice=CHOICE[question.type])
    choices.attrib |= _required(question, language)
    for choice in question.shown:
        element = ET.SubElement(choices, "Choice", value=choice.name[language], alias=choice.value)
        if choice.hotkey:
            element.set("hotkey", choice.hotkey)
        if choice.definition.get(language):
            element.set("hint", choice.definition[language])


def _required(question: Question, language: str) -> dict[str, str]:
    """Whether there must be an answer, and what Label Studio says if there is none."""
    if not question.required:
        return {"required": "false"}
    return {"required": "true", "requiredMessage": MISSING[language] + question.name[language]}


def task_data(item: Item, article: Article, target: Target | None, language: str) -> dict[str, str]:
    """What Label Studio stores of one item: what the annotator sees, and the ids that bring the answers back."""
    # The date comes first: behind Arabic letters its parts would be shown in the reverse order.
    outlet = " · ".join(part for part in ((article.published or "")[:10], article.source) if part)
    return {
        "item_id": item.id,
        "article_id": item.article_id,
        "sha256": item.sha256,
        "codebook": item.codebook,
        "target": target.names.get(language) or target.names["en"] if target else "",
        "title": article.title or "—",
        "outlet": outlet or "—",
        "text": article.text,
    }
