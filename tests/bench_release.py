"""Speed and memory of `warraq publish` beside pyarrow's own JSONL → Parquet: a part of `make bench`."""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from corpus import workspace
from corpus.records import short_id, text_sha256

PROJECT = Path(__file__).parent.parent
ARTICLES, PARAGRAPHS, WORDS, ROUNDS = 100_000, 5, 46, 3

PYARROW = """
import sys, time
import pyarrow.json, pyarrow.parquet
wall, work = time.perf_counter(), time.process_time()
pyarrow.parquet.write_table(pyarrow.json.read_json(sys.argv[1] + "/articles.jsonl"), sys.argv[1] + "/bare.parquet")
print(time.perf_counter() - wall, time.process_time() - work, 0)
"""
PUBLISH = """
import sys, time
from pathlib import Path
from corpus import workspace
from corpus.release.dataset.publish import publish
from tests.memory import peak_kib
wall, work = time.perf_counter(), time.process_time()
publish(workspace.Workspace(Path(sys.argv[1])))
print(time.perf_counter() - wall, time.process_time() - work, peak_kib())
"""


def written(folder: Path) -> None:
    """A corpus of ARTICLES articles of about 3 KB, none of them labelled."""
    workspace.create(folder)
    example = json.loads((PROJECT / "tests" / "data" / "bench-article.json").read_text("utf-8"))
    letters, draw = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", random.Random(1)
    words = ["".join(draw.choices(letters, k=draw.randint(2, 8))) for _ in range(20_000)]
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number, id_ in enumerate(sorted(short_id(str(number)) for number in range(ARTICLES))):
            text, blocks = "", []
            for _ in range(PARAGRAPHS):
                text += "\n" if text else ""
                start, text = len(text), text + " ".join(draw.choices(words, k=WORDS))
                blocks.append({"kind": "paragraph", "start": start, "end": len(text)})
            own = {"id": id_, "text": text, "blocks": blocks, "sha256": text_sha256(text), "source": f"outlet {number % 30}"}
            file.write(json.dumps(example | own, ensure_ascii=False) + "\n")
    for name in ("items", "annotations", "gold", "splits"):
        (folder / f"{name}.jsonl").write_bytes(b"")


def child(code: str, folder: Path) -> tuple[float, float, float]:
    """Run code in a process of its own: seconds, seconds of processor, peak memory in KiB."""
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True, cwd=PROJECT)
    wall, work, peak = map(float, done.stdout.split())
    return wall, work, peak


def measure(row: Callable[[str, str, str], None]) -> None:
    """Time and memory of a release of 100,000 articles. The least of ROUNDS: noise only ever adds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder)
        rounds = [(child(PYARROW, folder), child(PUBLISH, folder)) for _ in range(ROUNDS)]
    bare, ours = ([min(column) for column in zip(*side, strict=True)] for side in zip(*rounds, strict=True))
    what = f"publish of {ARTICLES:,} articles"
    row(f"{what}, time of pyarrow's JSONL → Parquet", f"{ours[0] / bare[0]:.2f} × ({ours[0]:.1f} s)", "≤ 1.3")
    row(f"{what}, processor time of the same", f"{ours[1] / bare[1]:.2f} × ({ours[1]:.1f} s)", "")
    row(f"{what}, peak memory", f"{ours[2] / 1024:.0f} MiB", "< 400 MB")


if __name__ == "__main__":
    measure(lambda *cells: print(*cells, sep=" | "))
