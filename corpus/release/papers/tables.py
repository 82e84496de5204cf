"""The generated blocks of a dataset card, as Markdown. Each takes the figures that it needs and returns text."""

import html
from collections.abc import Iterable
from statistics import median

from datasets import ClassLabel, Features, List
from datasets.features.features import FeatureType

from corpus.codebook import Codebook, Question
from corpus.release.layout.features import MEANINGS
from corpus.release.layout.manifest import About
from corpus.release.papers.released import LAST, Config

OUTLETS_SHOWN = 20
ROWS = {
    "annotations": "one row an annotator and item, in the split of its article",
    "articles": "every article, labelled or not",
    "items": "every item, labelled or not",
}
PROCESSING = (
    "Each raw record was turned into one article: the text that a reader reads, without menus, tags or pasted posts. Letters "
    "are as printed; nothing is folded or normalised but to Unicode NFC. Copies were found and are kept on one side of the "
    "splits."
)
Cell = str | int | None


def table(head: list[str], rows: Iterable[Iterable[Cell]]) -> str:
    """A Markdown table; what is in a cell stays text, whatever it holds. Numbers stand right."""
    body = [list(row) for row in rows]
    numeric = [all(isinstance(row[column], int | None) for row in body) for column in range(len(head))]
    rule = ["---:" if numbers else "---" for numbers in numeric]
    lines = [head, rule, *([escaped(value) for value in row] for row in body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escaped(value: Cell) -> str:
    """One cell or sentence: no line feed, no column border, no markup that the text did not mean."""
    if value is None:
        return ""
    text = f"{value:,}" if isinstance(value, int) else str(value)
    return html.escape(" ".join(text.split()), quote=False).replace("\\", "\\\\").replace("|", "\\|")


def overview(configs: dict[str, Config], corpus: About, book: Codebook) -> str:
    """Counts of all there is."""
    labelled = set[str]().union(*(config.articles for config in configs.values()))
    counts = {name: sum(configs[name].rows.values()) if name in configs else 0 for name in LAST}
    annotators = len(configs["annotations"].annotators) if "annotations" in configs else 0
    counted = table(
        ["what", "number"],
        [
            ["articles", counts["articles"]],
            ["articles with a gold answer", len(labelled)],
            ["items (what an annotator judges once)", counts["items"]],
            ["annotations, skipped ones included", counts["annotations"]],
            ["annotators", annotators],
        ],
    )
    versions = f"Release {corpus.version}; codebook {book.ref}; language {corpus.language}."
    return f"{counted}\n\n{escaped(versions)}"


def usage(default: str) -> str:
    """How to load it."""
    load = f'dataset = load_dataset("PATH_OR_HUB_ID", "{default}")'
    return "\n".join(["```python", "from datasets import load_dataset", "", load, "print(dataset)", "```"])


def configurations(configs: dict[str, Config], book: Codebook) -> str:
    """Rows of every config and split, and what a row is."""
    splits = list(dict.fromkeys(split for config in configs.values() for split in config.rows))
    rows: list[list[Cell]] = [
        [f"`{c.name}`", what(c.name, book), *(c.rows.get(split) for split in splits)] for c in configs.values()
    ]
    return table(["config", "what", *splits], rows)


def what(config: str, book: Codebook) -> str:
    """What a row of a config is."""
    if config in ROWS:
        return ROWS[config]
    question = book.question(config)
    return f"{question.name['en']}: one row an {question.scope} with a gold answer"


def columns(configs: dict[str, Config], book: Codebook) -> str:
    """Columns, types and meanings of every config."""
    parts = []
    for config in configs.values():
        rows = [[f"`{name}`", _type(feature), meaning(name, book)] for name, feature in config.features.items()]
        parts.append(f"**`{config.name}`**\n\n" + table(["column", "type", "meaning"], rows))
    return "\n\n".join(parts)


def labels(configs: dict[str, Config], book: Codebook) -> str:
    """The labels of each labelled question: value, frozen integer, names, and their count in each split."""
    released = [(question, configs[question.id]) for question in book.labelled if question.id in configs]
    return "\n\n".join(f"**`{question.id}`**\n\n" + _label_table(question, config) for question, config in released)


def _label_table(question: Question, config: Config) -> str:
    splits = list(config.rows)
    rows: list[list[Cell]] = [
        [f"`{c.value}`", c.code, c.name["ar"], c.name["en"], *(config.labels[split][c.code] for split in splits)]
        for c in sorted(question.choices, key=lambda choice: choice.code)
    ]
    rows.append(["null", None, "", "tied", *(config.labels[split][None] for split in splits)])
    return table(["label", "integer", "Arabic", "English", *splits], rows)


def outlets(articles: Config) -> str:
    """Who published the articles, and when."""
    ranked = sorted(articles.sources.items(), key=lambda pair: (-pair[1], pair[0] or ""))
    rows: list[list[Cell]] = [["not known" if name is None else name, count] for name, count in ranked[:OUTLETS_SHOWN]]
    if rest := ranked[OUTLETS_SHOWN:]:
        rows.append([f"{len(rest)} others", sum(count for _, count in rest)])
    dates = "No article has a date."
    if articles.first and articles.last:
        dates = f"Published from {articles.first[:10]} to {articles.last[:10]}."
    return table(["outlet", "articles"], rows) + "\n\n" + escaped(dates)


def lengths(configs: dict[str, Config]) -> str:
    """Lengths of the texts in words."""
    rows: list[list[Cell]] = [
        [f"`{c.name}`", round(median(c.words)), min(c.words), max(c.words)] for c in configs.values() if c.words
    ]
    return table(["config", "median", "shortest", "longest"], rows) + "\n\nIn words: what stands between white space."


def settled(configs: dict[str, Config], book: Codebook) -> str:
    """How the answers of each labelled question were settled: by which method, and with what outcome."""
    rows: list[list[Cell]] = [
        [f"`{question.id}`", method, status, count]
        for question in book.labelled
        if question.id in configs
        for (method, status), count in sorted(configs[question.id].settled.items())
    ]
    return table(["question", "method", "outcome", "rows"], rows)


def licences(corpus: About) -> str:
    """Licences of labels and of text."""
    return table(["what", "licence"], [["labels", corpus.licence.labels], ["text", corpus.licence.text]])


def meaning(name: str, book: Codebook) -> str:
    """What a column holds."""
    question = next((q for q in book.questions if q.id == name and name not in MEANINGS), None)
    if question:
        return f"the annotator's answer: {question.name['en']}"
    return MEANINGS.get(name) or f"name of the target ({name.removeprefix('target_')})"


def _type(feature: FeatureType) -> str:
    if isinstance(feature, List):
        return f"list of {_type(feature.feature)}"
    if isinstance(feature, ClassLabel):
        return f"ClassLabel ({feature.num_classes})"
    if isinstance(feature, dict | Features):
        kinds = dict.fromkeys(_type(value) for value in feature.values())
        return f"struct of {next(iter(kinds))} by label" if len(kinds) == 1 else f"struct ({', '.join(feature)})"
    return str(feature.dtype)
