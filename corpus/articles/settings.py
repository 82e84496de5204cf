"""What a conversion is told about its input: by warraq.toml and by the call."""

from dataclasses import dataclass, field

from corpus.articles.fields import NAMES
from corpus.articles.readers import READERS
from corpus.errors import CorpusError
from corpus.text import dates
from corpus.workspace import Workspace


@dataclass(frozen=True)
class Settings:
    """How input is read.

    Attributes:
        language: of articles that do not say and are too short to tell.
        languages: those that are kept, primary tags in lower case; all, if empty.
        gathered: when the input was gathered, ISO 8601, where it does not say itself.
        columns: name of an article's field → name of the column or key that holds it.
        format: the reader that every file is given to; None if its content decides.
    """

    language: str | None = "ar"
    languages: tuple[str, ...] = ()
    gathered: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    format: str | None = None


def settings_of(workspace: Workspace, columns: list[str], format: str = "auto") -> Settings:
    """The settings of a corpus, with those of one call.

    Args:
        workspace: the corpus.
        columns: `FIELD=COLUMN` each; they go before those of warraq.toml.
        format: the name of a reader, or `auto`.

    Raises:
        CorpusError: a field, a format or the date is none.
    """
    told = workspace.config.convert
    pairs = [text.partition("=") for text in columns]
    mapped = told.columns | {name.strip(): column.strip() for name, _, column in pairs}
    for name, column in mapped.items():
        if name not in NAMES or not column:
            raise CorpusError(
                f"a column map should be like text=body; got {name}={column}",
                f"on the left write one of {', '.join(NAMES)}, on the right the column's name in your table",
            )
    names = [reader.name for reader in READERS]
    if format not in ("auto", *names):
        raise CorpusError(f"there is no format {format!r}", f"write auto or one of {', '.join(names)}")
    day = dates.parse(told.gathered)
    if told.gathered and (not day or len(day) < len("2024-11-06")):
        raise CorpusError(
            f"`gathered` in warraq.toml should be a day that has come; got {told.gathered!r}", 'write it like "2026-03-01"'
        )
    languages = tuple(sorted(tag.split("-")[0].lower() for tag in told.languages))
    return Settings(workspace.config.language, languages, day, mapped, None if format == "auto" else format)
