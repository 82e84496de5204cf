"""Conversion: a bare loop beside it, two workers beside one, on text files and HTML pages, each also at ten times the size.

Memory is that of ten times as many files, and of a WARC five times as long, as a multiple of the smaller one's, which fills
a chunk of the sorting already.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).parent.parent
DATA = Path(os.environ.get("WARRAQ_DATA", PROJECT.parent / "shared" / "data"))
ROUNDS = 3
COPIES = 10
ARCHIVES = {"text": DATA / "ant" / "ant-public.tar.xz", "html": DATA / "html" / "pages-public.tar.xz"}

CONVERT = """
import sys, time
from pathlib import Path
from corpus import workspace
from corpus.articles.convert import convert
from tests.memory import peak_kib
workspace.create(Path(sys.argv[1]))
start = time.perf_counter()
report = convert(workspace.find(Path(sys.argv[1])), [Path(sys.argv[2])], workers=int(sys.argv[3]))
print(report.records, time.perf_counter() - start, peak_kib())
"""
BARE_LOOP = """
import hashlib, json, re, sys, time
from pathlib import Path
fields = re.compile(r"<(DOCNO|URL|SRC|CAT|TITLE|TIME|ABSTRACT|TEXT)>(.*?)</\\1>", re.DOTALL)
start = time.perf_counter()
files = sorted(path for path in Path(sys.argv[2]).rglob("*") if path.is_file())
with open(Path(sys.argv[1]) / "bare.jsonl", "w", encoding="utf-8") as out:
    for path in files:
        raw = path.read_bytes()
        row = dict(fields.findall(raw.decode()))
        row["sha256"] = hashlib.sha256(raw).hexdigest()
        out.write(json.dumps(row, ensure_ascii=False) + "\\n")
print(len(files), time.perf_counter() - start, 0)
"""


def child(code: str, raw: Path, workers: int = 1) -> tuple[int, float, int]:
    """Run code in a process of its own, with an empty folder; it prints records, seconds and peak memory in KiB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", code, folder, str(raw), str(workers)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)
    count, seconds, peak = done.stdout.split()
    return int(count), float(seconds), int(peak)


def warc(path: Path, pages: int) -> Path:
    """A WARC of synthetic pages of 16 kB."""
    body = "<p>" + "قالت وزارة الثقافة إن المتحف الوطني يفتح أبوابه مجانا كل يوم سبت ابتداء من الشهر المقبل. " * 10 + "</p>"
    with path.open("wb") as file:
        for number in range(pages):
            page = f"<html><title>خبر {number}</title><body><article><p>{number}</p>{body * 10}</article></body></html>"
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{number}\r\n"
                f"Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            file.write(head.encode() + block + b"\r\n\r\n")
    return path


def multiplied(folder: Path, into: Path) -> Path:
    """A folder with COPIES copies of another; an outlet's numbers and addresses in text files are each copy's own."""
    for copy in range(COPIES):
        shutil.copytree(folder, into / str(copy))
        for path in (into / str(copy)).rglob("*.txt"):
            text = path.read_text("utf-8").replace("<DOCNO>", f"<DOCNO>{copy}-").replace("</URL>", f"/{copy}</URL>")
            path.write_text(text, "utf-8")
    return into


def measure(row: Callable[[str, str, str], None]) -> None:
    """Give `row` ratios of runs that take turns: with a bare loop, with two workers, and of memory at ten times the size."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for kind, archive in ARCHIVES.items():
            if not archive.exists():
                row(f"convert, {kind}", f"not measured: {archive} is not there", "")
                continue
            with tarfile.open(archive) as tar:
                tar.extractall(scratch / kind, filter="data")
            _compare(row, kind, scratch / kind, multiplied(scratch / kind, scratch / f"many-{kind}"))
        small, large = (child(CONVERT, warc(scratch / f"{pages}.warc", pages))[2] for pages in (1000, 5000))
        row("convert, peak memory of a WARC five times as long", f"{large / small:.2f} × ({large / 1024:.0f} MiB)", "flat")


def _compare(row: Callable[[str, str, str], None], kind: str, raw: Path, many: Path) -> None:
    """The lines of one kind of files."""
    peaks = {}
    for folder, rounds in ((raw, ROUNDS), (many, 1)):
        works = [(CONVERT, 1), (CONVERT, 2), (BARE_LOOP, 1)][: 3 if kind == "text" else 2]
        runs = [[child(code, folder, workers) for code, workers in works] for _ in range(rounds)]
        one, two, *bare = (min(run[at][1] for run in runs) for at in range(len(works)))
        count, _, peaks[folder] = runs[0][0]
        if bare:
            row(
                f"convert, {count:,} {kind}, speed of a bare loop",
                f"{bare[0] / one:.2f} ({count / one:,.0f} files/s)",
                "≥ 0.33",
            )
        bar = "> 1" if folder == many else ""  # starting the workers takes about a second
        row(f"convert, {count:,} {kind}, speed of 2 workers", f"{one / two:.2f} × ({count / two:,.0f} files/s)", bar)
    row(f"convert, peak memory at 10 × the {kind}", f"{peaks[many] / peaks[raw]:.2f} × ({peaks[many] / 1024:.0f} MiB)", "flat")


if __name__ == "__main__":
    measure(lambda *cells: print(*cells, sep=" | "))
