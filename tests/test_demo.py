"""`warraq demo`: the main job on the sample corpus with a real server, ending in a dataset that opens offline; then again."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import datasets
import jsonschema
import pytest
from run_warraq import warraq

import schemas
from corpus.sample.replay import FOLDER
from tests import results

pytestmark = pytest.mark.studio


class Demo(NamedTuple):
    folder: Path
    screen: str


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo's folder and screen; its server is stopped at the end whatever happens."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    try:
        done = warraq("demo", str(folder), cwd=folder.parent, timeout=300)
        assert done.returncode == 0, done.stderr
        yield Demo(folder, done.stdout)
    finally:
        if folder.exists():
            warraq("-C", str(folder), "studio", "stop")


def shown(demo: Demo, row: str) -> str:
    found = re.search(rf"^\s*{row}\s+(.+)$", demo.screen, re.MULTILINE)
    assert found, row
    return found[1]


def test_the_counts_on_the_screen_are_those_of_the_files(demo: Demo) -> None:
    articles, items, annotations, gold, splits = (
        lines(demo.folder / f"{name}.jsonl") for name in ("articles", "items", "annotations", "gold", "splits")
    )
    recorded = lines(FOLDER / "recorded.jsonl")
    assert (len(articles), len(items)) == (99, 100) and len(annotations) == len(recorded) == 300
    skipped = sum(row["status"] == "skipped" for row in recorded)
    assert sum(row["status"] == "skipped" for row in annotations) == skipped > 0
    assert shown(demo, "convert").startswith("99 records = 99 articles + 0 rejected")
    assert shown(demo, "sample").startswith("100 candidates = 100 items + 0 ")
    assert re.match(r"100 items = (100 there \+ 0|0 there \+ 100) sent", shown(demo, "push"))
    pulled = f"300 annotations = {300 - skipped} submitted + {skipped} skipped + 0 rejected"
    assert shown(demo, "pull").startswith(pulled)
    for question in ("stance", "topic"):
        found = [row["status"] for row in gold if row["question"] == question]
        counts = dict(
            zip(("agreed", "majority", "tied"), map(int, re.findall(r"\d+", shown(demo, f"gold, {question}"))), strict=True)
        )
        assert counts == {status: found.count(status) for status in counts} and sum(counts.values()) == len(found)
    sides = [row["split"] for row in splits]
    for number, side in re.findall(r"(\d+) (\w+)", shown(demo, "splits")):
        assert sides.count(side) == int(number) > 0


@pytest.mark.parametrize(
    ("file", "record"),
    [("articles", "article"), ("duplicates", "duplicate"), ("items", "item"), ("annotations", "annotation"),
     ("gold", "gold"), ("splits", "split")],
)  # fmt: skip
def test_the_schemas_that_ship_hold_every_record(demo: Demo, file: str, record: str) -> None:
    valid = jsonschema.Draft202012Validator(json.loads(schemas.schema_path(record).read_bytes()))
    rows = lines(demo.folder / f"{file}.jsonl")
    assert rows and all(map(valid.is_valid, rows))


def test_it_says_that_the_sample_is_written_not_gathered(demo: Demo) -> None:
    said = " ".join(demo.screen.split())
    assert "written for this project" in said and "says nothing about the world" in said


def test_every_step_is_a_command_that_is_shown(demo: Demo) -> None:
    steps = [re.sub(r" -C \S+", "", line) for line in demo.screen.splitlines() if line.startswith("$ warraq")]
    names = [" ".join(line.split()[2:4]) if "studio" in line else line.split()[2] for line in steps]
    order = "init convert duplicates sample,studio start,push status pull agreement resolve split train publish card verify"
    assert names == [step for part in order.split(",") for step in ([part] if "start" in part else part.split())]


@pytest.mark.parametrize("question", ["stance", "topic"])
def test_annotators_disagree_as_people_do(demo: Demo, question: str) -> None:
    report = json.loads((demo.folder / "reports" / "agreement.json").read_text("utf-8"))
    (found,) = [q for q in report["questions"] if q["question"] == question]
    assert 0.5 <= found["alpha"] <= 0.85
    assert found["annotators"] == 3 and found["alpha_interval"][0] < found["alpha"] < found["alpha_interval"][1]
    assert f"alpha {found['alpha']:.2f} [" in shown(demo, f"agreement, {question}")


def test_the_release_opens_offline(demo: Demo, tmp_path: Path) -> None:
    release = str(demo.folder / "release")
    gold = lines(demo.folder / "gold.jsonl")

    def rows(config: str) -> int:
        return sum(split.num_rows for split in datasets.load_dataset(release, config, cache_dir=str(tmp_path)).values())

    assert rows("stance") == sum(row["question"] == "stance" for row in gold)
    assert rows("topic") == sum(row["question"] == "topic" for row in gold)
    assert (rows("annotations"), rows("articles")) == (300, 99)


def test_models_report_and_card_are_there(demo: Demo) -> None:
    assert (demo.folder / "reports" / "baselines.html").stat().st_size > 10_000
    assert list((demo.folder / "models").rglob("*.skops"))
    assert "300" in (demo.folder / "release" / "README.md").read_text("utf-8")
    for question in ("stance", "topic"):
        assert re.match(r"macro-F1 0\.\d\d \[", shown(demo, f"baseline, {question}"))


def test_the_figures_of_the_projects_card_are_those_of_the_demo(demo: Demo) -> None:
    """To write them anew: `make demo`, then copy demo/DATASET_CARD.md to the project's root."""
    project = Path(__file__).parent.parent / "DATASET_CARD.md"
    assert project.read_text("utf-8") == (demo.folder / "DATASET_CARD.md").read_text("utf-8")


def test_results_of_the_sample_are_the_demos(demo: Demo) -> None:
    """To write them anew: `make demo`, then `python -m tests.results`."""
    assert results.sample(demo.folder).strip() in results.RESULTS.read_text("utf-8")


def test_spans_survived_the_server(demo: Demo) -> None:
    texts = {row["id"]: row["text"] for row in lines(demo.folder / "articles.jsonl")}
    items = {row["id"]: row["article_id"] for row in lines(demo.folder / "items.jsonl")}
    spans = [(items[row["item_id"]], span) for row in lines(demo.folder / "annotations.jsonl") for span in row["spans"]]
    assert len(spans) == sum(len(row["evidence"]) for row in lines(FOLDER / "recorded.jsonl")) > 0
    assert all(texts[article][span["start"] : span["end"]] == span["text"] for article, span in spans)


def test_a_second_run_enters_nothing_twice(demo: Demo) -> None:
    before = {path: path.read_bytes() for path in demo.folder.glob("*.jsonl")}
    done = warraq("demo", str(demo.folder), cwd=demo.folder.parent, timeout=300)
    assert done.returncode == 0, done.stderr
    again = Demo(demo.folder, done.stdout)
    assert shown(again, "push").startswith("100 items = 100 there + 0 sent")
    assert {path: path.read_bytes() for path in demo.folder.glob("*.jsonl")} == before
