"""baselines/RESULTS.md holds no figure by hand: the file is what `python -m tests.results` writes."""

import re
from pathlib import Path

import msgspec
from real_data import shared
from test_benchmark_run import StandIn, tweets

from baselines.benchmarks.data import Files
from baselines.benchmarks.run import run
from tests import results


def test_the_file_is_what_the_command_writes() -> None:
    said = results.RESULTS.read_text("utf-8")
    part = said.split(results.SAMPLE, 1)[1].split(results.PUBLIC, 1)[0]
    assert results.document(part, results.rows(), results.rows("{}: stems")) == said


def test_every_score_of_ours_has_its_interval_and_lies_in_it() -> None:
    found = results.rows()
    assert {"ans"} <= set(found) <= set(results.SETS)
    for line in found.values():
        score, low, high = map(float, re.findall(r"(0\.\d{3}) \[(-?0\.\d{3}), (0\.\d{3})\]", line)[0])
        assert low <= score <= high


def test_stems_are_means_over_the_models_that_have_the_choice(tmp_path: Path) -> None:
    train, test = tweets(tmp_path / "train.csv", range(60)), tweets(tmp_path / "test.csv", range(60, 90))
    whole = run("mawqif", Files(train=train, test=test))
    of = whole.recipe["scores"]["stems"]
    line = results.stems(whole) or ""
    assert line.startswith(f"| mawqif: stems | {of['read']:.3f} | {of['left out']:.3f} | ")
    assert line.endswith(f" | {int('stems' in whole.recipe['views'])} of 1 |")
    folds = [{"scores": {"stems": dict(of, read=read)}, "views": views} for read, views in ((0.5, []), (0.7, ["stems"]))]
    both = msgspec.structs.replace(whole, recipe={"folds": folds}, fold_scores=[0.5, 0.5])
    assert (results.stems(both) or "").startswith("| mawqif: stems | 0.600 |") and "1 of 2" in (results.stems(both) or "")
    assert results.stems(msgspec.structs.replace(whole, recipe={"families": []})) is None


def test_rows_and_yardsticks_are_those_of_the_real_set() -> None:
    found = run("ans", Files(train=shared("ans", "train.csv"), dev=shared("ans", "dev.csv")), fit=StandIn)
    cells = results.row(msgspec.structs.replace(found, score=0.5, interval=None)).split(" | ")
    assert results.rows()["ans"].split(" | ")[:6] == cells[:6]
