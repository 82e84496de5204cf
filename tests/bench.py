"""Speed and memory, as ratios of figures taken in one run: `make bench`. Nothing here is a test; machines are noisy.

Needs the real data (WARRAQ_DATA, or shared/data beside the project) and starts a Label Studio of its own.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests import (
    bench_benchmark,
    bench_convert,
    bench_duplicates,
    bench_html,
    bench_release,
    bench_sync,
    bench_train,
    bench_vectorize,
)

PROJECT = Path(__file__).parent.parent
CAPABILITIES = (
    bench_convert,
    bench_html,
    bench_duplicates,
    bench_sync,
    bench_vectorize,
    bench_train,
    bench_benchmark,
    bench_release,
)
ROUNDS = 3

table = Table("what", "figure", "bar", title="Warraq's bench", title_justify="left")


def row(what: str, figure: str, bar: str) -> None:
    """One line of the result, shown at once as well."""
    table.add_row(what, figure, bar)
    print(f"{what}: {figure} (bar: {bar})", flush=True)


def best(work: Callable[[], float]) -> float:
    """The least of ROUNDS timings: noise only ever adds."""
    return min(work() for _ in range(ROUNDS))


def timed(command: list[str]) -> float:
    """Seconds of one command."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=PROJECT)
    return time.perf_counter() - start


def commands() -> None:
    """The help screen, and training on the sample: measured on the demo's corpus if it stands."""
    warraq = str(Path(sys.executable).parent / "warraq")
    row("warraq --help", f"{best(lambda: timed([warraq, '--help'])):.2f} s", "< 0.5 s")
    demo = PROJECT / "demo"
    if (demo / "splits.jsonl").exists():
        row("warraq train on the sample", f"{timed([warraq, '-C', str(demo), 'train']):.1f} s", "< 10 s")
    else:
        row("warraq train on the sample", "not measured: run `make demo` first", "< 10 s")


def main() -> None:
    """Measure everything, then show the table."""
    commands()
    for capability in CAPABILITIES:
        capability.measure(row)
    Console().print(table)


if __name__ == "__main__":
    main()
