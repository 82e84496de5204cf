"""The certificate for anyone's published splits: reads their files (`foreign`), writes nothing, needs no corpus folder.

Each column named is a text of its own, and every text of one split is compared with every text of another: so a pair of
headlines leaks if either was seen on the other side, in whichever column. A row's number begins at 1, headers not counted.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from corpus.curate.foreign import files_of, rows, text_columns
from corpus.errors import CorpusError, RecordError
from corpus.progress import Progress, quiet
from corpus.text.borders import Border, Pair, Sides

HEAD = 80


class Place(Struct, frozen=True):
    """One text of a file: `id` is that of the column named id, if there is one; `head` the first HEAD characters."""

    file: str
    row: int
    id: str | None
    column: str
    head: str


class Leak(Struct, frozen=True):
    """Two texts on two sides. `jaccard`, `contained` and `exact` as in `borders`."""

    first: Place
    second: Place
    jaccard: float
    contained: float
    exact: bool


class AuditBorder(Struct, frozen=True):
    """What lies across one border: the closest texts, the leaks, and in how many rows of each side there is one.

    `skipped` and `blind` as in `borders`.
    """

    first: str
    second: str
    closest: Leak | None
    leaks: list[Leak]
    first_rows: int
    second_rows: int
    skipped: int
    blind: int


class AuditReport(Struct, frozen=True):
    """What lies across the borders of a foreign dataset: rows of each split (all, and those without a word), and borders.

    `left_out` are files of a folder whose name says no split, or that lack a column.
    """

    columns: list[str]
    rows: dict[str, int]
    without_text: dict[str, int]
    left_out: list[str]
    borders: list[AuditBorder]

    @property
    def leaks(self) -> int:
        """Pairs of texts that are the same, or nearly, or one in the other, on two sides."""
        return sum(len(border.leaks) for border in self.borders)


def audit(paths: list[Path], columns: list[str], progress: Progress = quiet) -> AuditReport:
    """Compare every two splits' texts; see `borders` for what is compared and how much memory it takes.

    Args:
        paths: files, one a split, or folders.
        columns: those with texts; if none, the ones that seem to hold texts (`foreign.text_columns`).
        progress: told of the rows read.

    Raises:
        CorpusError: there are not two splits, or a file is missing, damaged, of another format, or not UTF-8.
        RecordError: a row is not a JSON object or has no such column, or its text is not a string.
    """
    splits, nameless = files_of(paths)
    columns = columns or text_columns(next(iter(splits.values()))[0]) or ["text"]
    lacking = [file for files in splits.values() for file in files if file not in paths and not _has(file, columns)]
    splits = {name: [file for file in files if file not in lacking] for name, files in splits.items()}
    if lacking and sum(map(bool, splits.values())) < 2:
        first: dict[str, object] = next(rows(lacking[0]), {})
        raise CorpusError(f"{lacking[0]} has no column {', '.join(columns)}; it has {', '.join(first)}", _NAME_COLUMNS)
    files = [file for files in splits.values() for file in files]
    counts, empty = dict.fromkeys(splits, 0), dict.fromkeys(splits, 0)
    with Sides(list(splits)) as sides:
        for name, file in ((name, file) for name, files in splits.items() for file in files):
            for number, texts in _texts(file, columns):
                counts[name] += 1
                words = [sides.add(name, f"{files.index(file)}:{number}:{c}", text) for c, text in enumerate(texts)]
                empty[name] += not any(words)
                progress(sum(counts.values()), None)
        borders = sides.borders()
    places = _places(borders, files, columns)
    return AuditReport(
        columns,
        counts,
        empty,
        sorted(map(str, [*nameless, *lacking])),
        [_named(border, places) for border in borders],
    )


_NAME_COLUMNS = "name the columns of the texts with `--text COLUMN[,COLUMN]`"


def _has(file: Path, columns: list[str]) -> bool:
    first: object = next(rows(file), {})
    return isinstance(first, dict) and first.keys() >= set(columns)


def _texts(path: Path, columns: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's number and texts; null is the empty text."""
    for number, row in enumerate(rows(path), 1):
        if not isinstance(row, dict) or not row.keys() >= set(columns):
            found = list(row) if isinstance(row, dict) else row
            raise RecordError(
                f"{path}: row {number} has no column {', '.join(columns)}; got {str(found)[:300]}", _NAME_COLUMNS
            )
        values = [row[column] or "" for column in columns]
        if not all(isinstance(value, str) for value in values):
            raise RecordError(f"{path}: row {number} has no text in {columns}; got {str(values)[:200]}", "name other columns")
        yield number, values


def _places(borders: list[Border], files: list[Path], columns: list[str]) -> dict[str, Place]:
    """The places that the borders' pairs name, read from the files once more."""
    pairs = [pair for border in borders for pair in [*border.leaks, border.closest] if pair]
    wanted: dict[int, dict[int, list[int]]] = {}
    for name in {name for pair in pairs for name in (pair.first, pair.second)}:
        file, number, column = map(int, name.split(":"))
        wanted.setdefault(file, {}).setdefault(number, []).append(column)
    places = {}
    for file, numbers in wanted.items():
        for number, row in enumerate(rows(files[file]), 1):
            for c in numbers.get(number, ()):
                id = next((str(value) for key, value in row.items() if str(key).lower() == "id"), None)
                head = " ".join(row[columns[c]].split())[:HEAD]
                places[f"{file}:{number}:{c}"] = Place(str(files[file]), number, id, columns[c], head)
    return places


def _named(border: Border, places: dict[str, Place]) -> AuditBorder:
    def leak(pair: Pair) -> Leak:
        return Leak(places[pair.first], places[pair.second], pair.jaccard, pair.contained, pair.exact)

    leaks = [leak(pair) for pair in border.leaks]
    first, second = ({(p.file, p.row) for p in side} for side in ([x.first for x in leaks], [x.second for x in leaks]))
    closest = leak(border.closest) if border.closest else None
    return AuditBorder(border.first, border.second, closest, leaks, len(first), len(second), border.skipped, border.blind)
