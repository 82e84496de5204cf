"""The documents tell the truth: their commands run, their examples are what the code makes, their links lead somewhere.

README.md's block of the trade is run twice. Without a server: every command that needs none, the recorded judgments put
where `warraq pull` would put them. With one (marked `studio`): the commands up to the gold, in order, on a real server.
"""

import copy
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from corpus import store, workspace
from corpus.labeling import interface
from corpus.labeling.answers import to_annotation, to_result
from corpus.labeling.sync.server import Server
from corpus.records import Annotation, AnnotationOrigin, Article, Item, Span, short_id
from corpus.sample.replay import Judgment, replay
from corpus.workspace import Workspace
from scripts.commands import ORDER, app

PROJECT = Path(__file__).parent.parent
README = PROJECT / "README.md"
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), PROJECT / "corpus" / "sample" / "README.md"])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

ELSEWHERE = {
    "make demo": "the demo's own test runs `warraq demo`, which is all that this target does",
    "make test": "it is what runs this test",
    "make lint": "what a continuous build runs beside the tests",
    "make bench": "minutes long; prints ratios, fails nothing",
    "make fuzz": "a minute long",
    "make golden": "writes into the source tree",
    "make lock": "needs a package index",
    "make clean": "would remove the environment that runs this test",
    'export PATH="$PWD/.venv/bin:$PATH"': "the tests put the running Python's folder on PATH",
    "git tag -a v0.1.0": "a release is made by a person",
    "git push --follow-tags": "a release is made by a person",
    "warraq adjudicate": "tests/labeling/test_people.py",
    "warraq adjudicate --disputed": "tests/labeling/test_people.py",
    "warraq adjudicate --show-answers": "tests/labeling/test_people.py",
    "warraq adjudicate --pull": "tests/labeling/test_people.py",
    "warraq push --control FILE": "tests/labeling/test_quality.py",
    "warraq push --predictions models": "tests/labeling/test_predictions_by_model.py",
    "warraq push --update": "tests/labeling/test_sync_changes.py",
    "warraq push --prune": "tests/labeling/test_sync_changes.py",
    "warraq push --again FILE": "tests/labeling/test_second_look.py",
    "warraq push --again reports/doubtful.jsonl": "tests/labeling/test_people.py",
    "warraq push --order uncertain": "tests/labeling/test_push_options.py",
    "warraq push --overlap 3": "tests/labeling/test_push_options.py",
    "warraq push --overlap 3 --overlap-share 0.2": "tests/labeling/test_push_options.py",
    "warraq pull --full": "tests/labeling/test_sync_changes.py",
    "warraq publish --to USER/NAME --dry-run": "tests/release/test_hub_publish.py, on a small Hub of the tests",
    "warraq publish --to USER/NAME": "tests/release/test_hub_publish.py",
    "warraq verify USER/NAME@v0.1.0": "tests/release/test_hub_publish.py",
    "warraq split --audit DIR": "tests/curate/test_audit.py",
    "warraq diff OLD NEW": "tests/release/test_diff.py",
    "warraq codebook diff old.yaml new.yaml": "tests/labeling/test_codebook_changes.py",
    "warraq codebook migrate old.yaml --map map.yaml": "tests/labeling/test_codebook_changes.py",
    "warraq benchmark mawqif --train train.csv --test test.csv": "tests/baselines/test_benchmark_run.py",
    "warraq benchmark ans --train train.csv --dev dev.csv --test test.csv": "tests/baselines/test_benchmark_run.py",
    "warraq benchmark unifiedfc --data DIR": "tests/baselines/test_benchmark_run.py",
    "warraq benchmark release --data release --question topic": "tests/baselines/test_benchmark_run.py",
}
"""Commands that the documents show and this file does not run, each with the reason."""
SERVED = ("studio start", "doctor", "push", "status", "pull", "studio stop")
"""The README's commands that need Label Studio."""
LAST_SERVED = "warraq resolve"
"""What follows it in the README is the same with and without a server."""


def fenced(document: Path, language: str) -> list[str]:
    return [body for name, body in FENCE.findall(document.read_text("utf-8")) if name == language]


def commands(block: str) -> list[str]:
    """The commands of a shell block, comments taken off."""
    found = [re.sub(r"\s+# .*", "", line).strip() for line in block.splitlines()]
    return [line for line in found if line and not line.startswith("#")]


def trade() -> list[str]:
    """The README's commands of the trade."""
    block = next(block for block in fenced(README, "sh") if block.startswith("warraq init"))
    return commands(block)


def beside() -> list[str]:
    """The README's commands beside the trade."""
    return commands(next(block for block in fenced(README, "sh") if block.startswith("warraq codebook show")))


def needs_server(command: str) -> bool:
    return command.removeprefix("warraq ").startswith(SERVED)


class Shell:
    """A folder in which commands are run one by one; `cd` is remembered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "corpus").mkdir()
        sample = PROJECT / "corpus" / "sample"
        shutil.copytree(sample, folder / "corpus" / "sample", ignore=shutil.ignore_patterns("__pycache__"))
        bin = Path(sys.executable).parent
        self.env = os.environ | {"PATH": f"{bin}{os.pathsep}{os.environ['PATH']}", "HF_HOME": str(folder / "hf")}

    def run(self, command: str) -> str:
        words = shlex.split(command)
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            return ""
        done = subprocess.run(words, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"`{command}` ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    @property
    def corpus(self) -> Workspace:
        return workspace.find(self.folder)


def recorded(space: Workspace) -> Iterator[Annotation]:
    """The recorded judgments as annotations, the way a pull makes them of what Label Studio exports."""
    items = {(item.article_id, item.target): item for item in store.read(space.items, Item)}
    texts = {article.id: article.text for article in store.read(space.articles, Article)}
    book = space.codebook()
    for number, said in enumerate(store.read(PROJECT / "corpus" / "sample" / "recorded.jsonl", Judgment)):
        item, text = items[said.article_id, said.target], texts[said.article_id]
        spans = [Span("evidence", text.index(words), text.index(words) + len(words), words) for words in said.evidence]
        answers: dict[str, str | list[str]] = {
            question: value for question, value in (("stance", said.stance), ("topic", said.topic)) if value
        }
        exported = {
            "unique_id": f"recorded-{number:03d}",
            "was_cancelled": said.status == "skipped",
            "result": to_result(answers, spans, said.comment),
            "lead_time": float(said.seconds),
            "created_at": "2026-01-01T00:00:00.000000Z",
            "updated_at": "2026-01-01T00:00:00.000000Z",
        }
        origin = AnnotationOrigin("http://127.0.0.1:8080", 1, 1, number)
        yield to_annotation(exported, f"a-{short_id(said.annotator)[:10]}", item, text, book, origin)


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The README's block run without a server."""
    shell = Shell(tmp_path_factory.mktemp("readme"))
    for command in trade():
        if not needs_server(command):
            shell.run(command)
        elif command == "warraq pull":
            store.write(shell.corpus.annotations, recorded(shell.corpus))
    return shell


def test_trade_runs_in_order_and_leaves_what_its_comments_say(traded: Shell) -> None:
    block = next(block for block in fenced(README, "sh") if block.startswith("warraq init"))
    promised = re.findall(r"[\w./-]+\.(?:jsonl|json|html|md)\b|\b(?:models|release)/", block.replace("../", ""))
    assert len(promised) > 10
    missing = {name for name in promised if not (traded.folder / name).exists()} - {"annotations.jsonl"}
    assert not missing
    steps = list(dict.fromkeys(c.split()[1] for c in trade() if c.startswith("warraq") and c != "warraq doctor"))
    assert len(steps) > 13 and [name for name in ORDER if name in steps] == steps


def test_what_stands_beside_the_trade_runs_after_it(traded: Shell) -> None:
    shell = copy.copy(traded)
    shell.folder = traded.folder.with_name("again")
    shutil.copytree(traded.folder, shell.folder)
    said = {command: shell.run(command) for command in beside()}
    assert len(said) > 5 and all(said.values())
    assert (shell.folder / "full" / "README.md").exists() and (shell.folder / "outbox" / "MANIFEST.json").exists()


@pytest.mark.studio
def test_trade_runs_in_order_with_label_studio(
    studio: tuple[Workspace, Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The README's server starts on a copy of the tests' own database: an empty one takes a minute to make.

    People answer about ten articles only, the one that the README shows among them; the demo's test replays every judgment.
    """
    shell = Shell(tmp_path)
    monkeypatch.setattr("corpus.sample.replay.FOLDER", some_judgments(tmp_path, 10))
    said: dict[str, str] = {}
    lines = trade()
    for command in [*lines[: lines.index(LAST_SERVED) + 1], lines[-1]]:
        if command == "warraq studio start":
            copy_server(studio[0].state, shell.corpus.state)
        try:
            said[command] = shell.run(command)
            if command == "warraq push":
                answered = replay(shell.corpus)
        except BaseException:
            subprocess.run(["warraq", "studio", "stop"], cwd=shell.folder, env=shell.env, check=False)
            raise
    assert answered.entered == answered.judgments
    assert said["warraq pull"].startswith(f"{answered.judgments} annotations = ")
    assert said["warraq studio stop"] == "stopped\n"
    pulled = list(store.read(shell.corpus.annotations, Annotation))
    shown = stages()["Annotation"]
    made = next(a for a in pulled if a.item_id == shown["item_id"] and a.spans)
    assert_same(shown, plain(made), "Annotation", {"id", "annotator", "created", "updated", "origin"})


def some_judgments(folder: Path, articles: int) -> Path:
    """A folder with the recorded judgments of the article that the README shows and of some others."""
    lines = (PROJECT / "corpus" / "sample" / "recorded.jsonl").read_text("utf-8").splitlines(keepends=True)
    ids = list(dict.fromkeys([stages()["Article"]["id"], *(json.loads(line)["article_id"] for line in lines)]))[:articles]
    (folder / "recorded.jsonl").write_text("".join(line for line in lines if json.loads(line)["article_id"] in ids))
    return folder


def copy_server(source: Path, target: Path) -> None:
    """Copy a running server's account and database."""
    shutil.copyfile(source / "credentials.json", target / "credentials.json")
    (target / "label-studio").mkdir(mode=0o700)
    name = "label-studio/label_studio.sqlite3"
    with closing(sqlite3.connect(source / name)) as old, closing(sqlite3.connect(target / name)) as new:
        old.backup(new)


def stages() -> dict[str, dict[str, Any]]:
    """The README's JSON lines, by the bold word before each."""
    section = README.read_text("utf-8").split("## One article, stage by stage")[1].split("\n## ")[0]
    return {name: json.loads(line) for name, line in re.findall(r"\*\*([\w ]+)\*\*.*?```json\n(.*?)\n```", section, re.DOTALL)}


def plain(record: object) -> Any:
    return json.loads(store.encode(record))


def assert_same(shown: Any, made: Any, where: str, free: frozenset[str] | set[str] = frozenset()) -> None:
    """What is shown equals what is made; `free` keys need only be of the same type, and `text` may be cut at …."""
    if isinstance(shown, dict):
        assert list(shown) == list(made), where
        for key, value in shown.items():
            if key in free:
                assert type(value) is type(made[key]), f"{where}.{key}"
            elif key == "text" and value.endswith(" …"):
                assert made[key].startswith(value.removesuffix(" …")), f"{where}.{key}"
            else:
                assert_same(value, made[key], f"{where}.{key}", free)
    elif isinstance(shown, list):
        assert len(shown) == len(made), where
        for number, (one, other) in enumerate(zip(shown, made, strict=True)):
            assert_same(one, other, f"{where}[{number}]", free)
    else:
        assert shown == made, where


def test_each_stage_of_the_article_is_what_the_code_makes(traded: Shell) -> None:
    import pyarrow.parquet as pq

    shown, space = stages(), traded.corpus
    id, item_id = shown["Article"]["id"], shown["Item"]["id"]

    def lines(path: Path) -> list[dict[str, Any]]:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    article = next(article for article in store.read(space.articles, Article) if article.id == id)
    item = next(item for item in store.read(space.items, Item) if item.id == item_id)
    target = next(target for target in space.targets() if target.id == item.target)
    rows = [row for path in (space.release / "stance").glob("*.parquet") for row in pq.read_table(path).to_pylist()]
    made = {
        "Article": plain(article),
        "Item": plain(item),
        "Task data": interface.task_data(item, article, target, space.config.language),
        "Annotation": next(a for a in lines(space.annotations) if a["item_id"] == item_id and a["spans"]),
        "Gold": next(g for g in lines(space.gold) if g["item_id"] == item_id),
        "Split": next(s for s in lines(space.splits) if s["article_id"] == id),
        "Released row": next(row for row in rows if row["item_id"] == item_id),
    }
    assert list(shown) == list(made)
    for stage in shown:
        free = {"id", "annotator", "created", "updated", "origin"} if stage == "Annotation" else {"annotator"}
        assert_same(shown[stage], made[stage], stage, free)


def test_python_of_the_readme_runs(traded: Shell) -> None:
    (block,) = fenced(README, "python")
    (traded.folder / "use.py").write_text(block)
    assert traded.run("python use.py").strip()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_shell_command_is_run_somewhere(document: Path) -> None:
    known = {*trade(), *beside(), *ELSEWHERE}
    shown = [command for block in fenced(document, "sh") for command in commands(block)]
    assert [command for command in shown if command not in known] == []
    strange = {name for name, _ in FENCE.findall(document.read_text("utf-8"))} - {
        "sh",
        "json",
        "python",
        "text",
        "yaml",
        "bibtex",
    }
    assert not strange, "commands stand in ```sh blocks, so that this test sees them"
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", document.read_text("utf-8"))) | {c.split()[1] for c in shown if c[:5] == "make "}
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_links_and_named_files_exist(document: Path) -> None:
    text = FENCE.sub("", document.read_text("utf-8"))
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith(("http", "#"))]
    assert [link for link in links if not (document.parent / link).exists()] == []
    paths = re.findall(r"`((?:schemas|corpus|baselines|scripts|tests|docs)/[\w./-]+)`", text)
    assert [path for path in paths if "NAME" not in path and not (PROJECT / path).exists()] == []


def subcommands() -> dict[str, Any]:
    """Every command that can be called, by its whole name, groups opened up."""
    root = get_command(app)
    return {call: one for name in ORDER for call, one in leaves(f"warraq {name}", root.commands[name]).items()}  # type: ignore[attr-defined]


def leaves(name: str, command: Any) -> dict[str, Any]:
    """A command by its whole name; of a group, the commands in it."""
    inner = getattr(command, "commands", None)
    if not inner:
        return {name: command}
    return {call: one for sub, part in inner.items() for call, one in leaves(f"{name} {sub}", part).items()}


def test_readme_names_every_command() -> None:
    assert len(subcommands()) > len(ORDER)
    assert [name for name in subcommands() if not re.search(rf"{name}\b", README.read_text("utf-8"))] == []


def test_all_but_demo_have_json_as_the_readme_says() -> None:
    without = [name for name, one in subcommands().items() if not any("--json" in option.opts for option in one.params)]
    assert without == ["warraq demo"]
    assert "All but `demo` have `--json`" in README.read_text("utf-8")


def test_readme_gives_the_exit_codes_of_the_errors() -> None:
    from corpus import errors

    codes = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type)}
    assert {int(code) for code in re.findall(r"^\| (\d) \|", README.read_text("utf-8"), re.MULTILINE)} == {0} | codes


def tracked() -> list[Path]:
    """The text files that are, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [PROJECT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in (".png", ".parquet", ".skops", ".xz", ".gz")]


MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w")
REGISTRY = re.compile(r"https?://[^\s\"')>]*(?:packages|registry|index.url|wheels|\bsimple\b)", re.IGNORECASE)


def test_no_path_of_a_machine_and_no_address_of_a_registry() -> None:
    found = []
    for path in tracked():
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if MACHINE.search(line) or REGISTRY.search(line):
                found.append(f"{path.relative_to(PROJECT)}:{number}: {line[:80]}")
    assert found == []
    assert MACHINE.search("see " + "/" + "home/someone") and REGISTRY.search("https:" + "//mirror.example/registry/x")


def test_changelog_begins_with_the_version() -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    first = re.search(r"^## \[([^\]]+)\]", (PROJECT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert first is not None and first[1] == version


def test_decisions_are_numbered_in_order() -> None:
    names = sorted(path.name for path in (PROJECT / "docs" / "decisions").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for name in names:
        text = (PROJECT / "docs" / "decisions" / name).read_text("utf-8")
        assert text.startswith(f"# {name[:4]} ")
        assert [part for part in ("## Context", "## Decision", "## Consequence") if part not in text] == []
