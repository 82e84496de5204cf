"""The vectorizer beside scikit-learn's on the ANT articles: seconds as ratios, and peak memory; part of `make bench`.

Every figure is of a process of its own that does nothing else; the two systems take turns.
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from corpus import store, workspace
from corpus.articles.convert import convert
from corpus.records import Article

PROJECT = Path(__file__).parent.parent
ARCHIVE = Path(os.environ.get("WARRAQ_DATA", PROJECT.parent / "shared" / "data")) / "ant" / "ant-public.tar.xz"
ROUNDS = 3
OURS, THEIRS = "baselines.vectorize", "sklearn.feature_extraction.text"
CASES = {
    "char_wb 2–5": ({"analyzer": "char_wb", "ngram_range": [2, 5]}, "≥ 5, beyond 10", "≥ 8, beyond 20"),
    "word 1–2": ({"ngram_range": [1, 2]}, "≥ 2.5, beyond 5", "≥ 2.5, beyond 5"),
}
ONE = """
import importlib, json, sys, time
from tests.memory import peak_kib
options = json.loads(sys.argv[2])
options["ngram_range"] = tuple(options["ngram_range"])
texts = json.load(open(sys.argv[3], encoding="utf-8"))
vectorizer = importlib.import_module(sys.argv[1]).TfidfVectorizer(**options)
start = time.perf_counter()
vectorizer.fit_transform(texts)
fitted = time.perf_counter()
vectorizer.transform(texts)
done = time.perf_counter()
peak = peak_kib() / 1024
start_of_terms = time.perf_counter()
len(vectorizer.vocabulary_)
print(json.dumps([fitted - start, fitted - start + time.perf_counter() - start_of_terms, done - fitted, peak]))
"""


def measure(row: Callable[[str, str, str], None]) -> None:
    """Give `row` each figure: what, figure, bar. The least of ROUNDS counts. Ours makes `vocabulary_` when it is asked for."""
    if not ARCHIVE.exists():
        row("vectorizer", f"not measured: {ARCHIVE.name} is not there", "")
        return
    with tempfile.TemporaryDirectory() as name:
        texts = _texts(Path(name))
        for case, (options, fit_bar, transform_bar) in CASES.items():
            rounds: dict[str, list[list[float]]] = {OURS: [], THEIRS: []}
            for _ in range(ROUNDS):
                for module, figures in rounds.items():
                    figures.append(_one(module, options, texts))
            (fit, terms, transform, peak), (their_fit, _, their_transform, their_peak) = (
                [min(column) for column in zip(*figures, strict=True)] for figures in rounds.values()
            )
            row(f"{case}, fit_transform, speed", f"{their_fit / fit:.1f} × ({fit:.2f} s)", fit_bar)
            row(f"{case}, fit_transform and vocabulary_, speed", f"{their_fit / terms:.1f} × ({terms:.2f} s)", fit_bar)
            row(f"{case}, transform, speed", f"{their_transform / transform:.1f} × ({transform:.2f} s)", transform_bar)
            row(f"{case}, peak memory", f"{peak / their_peak:.2f} × ({peak:.0f} MiB)", "≤ 1")


def _texts(scratch: Path) -> Path:
    """The titles and texts of the ANT articles, as a JSON list in a file."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(scratch / "ant", filter="data")
    workspace.create(scratch / "corpus")
    space = workspace.find(scratch / "corpus")
    convert(space, [scratch / "ant"])
    path = scratch / "texts.json"
    path.write_text(json.dumps([f"{a.title or ''}\n{a.text}" for a in store.read(space.articles, Article)]), encoding="utf-8")
    return path


def _one(module: str, options: dict[str, object], texts: Path) -> list[float]:
    """Seconds of fit_transform, of it and `vocabulary_`, and of transform, and the peak MiB, of a process of its own."""
    command = [sys.executable, "-c", ONE, module, json.dumps(options), str(texts)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)
    found: list[float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    measure(lambda what, figure, bar: print(f"{what}: {figure} (bar: {bar})", flush=True))
