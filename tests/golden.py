"""Write the golden files and the JSON Schemas anew: `make golden`. Read the diff before it is committed."""

import functools
import tempfile
from pathlib import Path

import msgspec

import schemas
from corpus import sample, store, workspace
from corpus.articles.convert import convert
from corpus.records import RECORDS, json_schema
from corpus.release.papers import masader

DATA = Path(__file__).parent / "data"
GOLDEN = DATA / "golden"
INPUTS = [DATA / name for name in ["archive", "feed", "html", "json", "lines", "parquet", "portal", "table", "trec", "warc"]]
PAGES = Path(sample.__file__).parent / "pages"
SAMPLE = [PAGES / "aa01.txt", PAGES / "aa11copy.txt"]


def converted(paths: list[Path]) -> tuple[bytes, bytes]:
    """The bytes of articles.jsonl and rejects.jsonl that a new corpus gets from some paths."""
    with tempfile.TemporaryDirectory() as folder:
        workspace.create(Path(folder) / "golden")
        space = workspace.find(Path(folder) / "golden")
        convert(space, paths)
        return space.articles.read_bytes(), space.rejects.read_bytes()


@functools.cache
def golden() -> dict[Path, bytes]:
    """What every golden file and schema should hold."""
    articles, rejects = converted(INPUTS)
    wanted = {
        GOLDEN / "articles.jsonl": articles,
        GOLDEN / "rejects.jsonl": rejects,
        GOLDEN / "sample.jsonl": converted(SAMPLE)[0],
    }
    for name, record in RECORDS.items():
        wanted[schemas.schema_path(name)] = msgspec.json.format(msgspec.json.encode(json_schema(record)), indent=2) + b"\n"
    wanted[schemas.schema_path("masader")] = msgspec.json.format(msgspec.json.encode(masader.schema()), indent=2) + b"\n"
    return wanted


if __name__ == "__main__":
    for path, data in golden().items():
        before = path.read_bytes() if path.exists() else None
        store.write_bytes(path, data)
        print("same   " if before == data else "changed", path.relative_to(DATA.parent.parent))
