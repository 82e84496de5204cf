"""The certificate for anyone's published splits: reads two or three files (JSONL, CSV, TSV), needs no corpus folder.

A split is named after its file, or after its place in the call where two files have one name. A text is the columns
named, joined; its id is the row's number, the first row below a header being 1.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from corpus.curate.borders import Border, Sides
from corpus.errors import CorpusError, RecordError
from corpus.progress import Progress, quiet

MAX_FIELD = 16 * 2**20
DELIMITERS = {".csv": ",", ".tsv": "\t"}


class AuditReport(Struct, frozen=True):
    """What lies across the borders of a foreign dataset: rows of each split (all, and those without a word), and borders."""

    columns: list[str]
    rows: dict[str, int]
    without_text: dict[str, int]
    borders: list[Border]

    @property
    def leaks(self) -> int:
        """Pairs of texts that are the same, or nearly, on two sides."""
        return sum(len(border.leaks) for border in self.borders)


def audit(paths: list[Path], columns: list[str], progress: Progress = quiet) -> AuditReport:
    """Compare every two of the files' texts; see `borders` for what is compared and how much memory it takes.

    Raises:
        CorpusError: there are not two or three files, or one is missing, of another format, not UTF-8, or lacks a column.
        RecordError: a row is not a JSON object or has no such column, or its text is not a string.
    """
    if len(paths) not in (2, 3):
        raise CorpusError(f"an audit takes 2 or 3 files; got {len(paths)}", "name one file for each split: train, dev, test")
    names = [path.name.split(".")[0] for path in paths]
    if len(set(names)) < len(names):
        names = [f"{name} ({number})" for number, name in enumerate(names, 1)]
    sides = Sides(names)
    rows, empty = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for name, path in zip(names, paths, strict=True):
        for number, text in _texts(path, columns):
            rows[name] += 1
            empty[name] += not sides.add(name, str(number), text)
            progress(sum(rows.values()), None)
    return AuditReport(columns, rows, empty, sides.borders())


def _texts(path: Path, columns: list[str]) -> Iterator[tuple[int, str]]:
    """Yield each row's number and text. A column that is null or empty adds nothing."""
    for number, row in enumerate(_rows(path), 1):
        if not isinstance(row, dict) or not row.keys() >= set(columns):
            found = list(row) if isinstance(row, dict) else row
            raise RecordError(
                f"{path}: row {number} has no column {', '.join(columns)}; got {str(found)[:300]}",
                "name the columns of the text with `--text COLUMN[,COLUMN]`",
            )
        values = [row[column] or "" for column in columns]
        if not all(isinstance(value, str) for value in values):
            raise RecordError(f"{path}: row {number} has no text in {columns}; got {str(values)[:200]}", "name other columns")
        yield number, "\n".join(values)


def _rows(path: Path) -> Iterator[Any]:
    csv.field_size_limit(MAX_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix in DELIMITERS:
                yield from csv.DictReader(file, delimiter=DELIMITERS[path.suffix], strict=True)
            elif path.suffix in (".jsonl", ".ndjson"):
                yield from (msgspec.json.decode(line) for line in file if line.strip())
            else:
                raise CorpusError(f"{path} is not a format that can be audited", "give a .jsonl, .csv or .tsv file")
    except (OSError, UnicodeDecodeError, csv.Error, msgspec.DecodeError) as error:
        raise CorpusError(f"{path} cannot be read: {error}", "give a .jsonl, .csv or .tsv file in UTF-8") from None
