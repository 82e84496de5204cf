"""The arrows of the tree, read from the import statements: who may stand on whom, and what no module may do.

The table `MAY_USE` is the whole rule. It says the same as the text in docs/architecture.md; change both together.
"""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
TOPS = ("schemas", "corpus", "baselines", "scripts")
MAX_LINES = 300

GROUND = ("errors", "records", "store", "codebook", "workspace", "progress", "page", "plots", "text")
STEPS = ("corpus.articles", "corpus.curate", "corpus.labeling", "corpus.release", "corpus.sample", "baselines")
MAY_USE = {
    "ground": {"ground"},
    **{step: {step, "ground"} for step in STEPS},
    "corpus.sample": {"corpus.sample", "corpus.labeling", "ground"},
    "scripts": {"scripts", "ground", *STEPS},
}
LAYERS = {"corpus.release": ("layout", "papers", "withhold", "check", "dataset", "send")}
"""A step's folders, each of which stands on those before it and on none behind it."""
ONLY_IN = {
    "label_studio_sdk": "corpus.labeling.sync",
    "huggingface_hub": "corpus.release",
    "datasets": "corpus.release",
}
"""A library, and the one folder that may import it."""
EXCEPT = {("baselines", "datasets.load_dataset")}

BANNED_MODULES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "marshal", "shelve", "joblib"}
BANNED_CALLS = {"eval", "exec", "os.system", "os.popen", "yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load"}
BANNED_CALLS |= {"pd.read_pickle", "joblib.load", "tarfile.extractall"}
BANNED_KEYWORDS = {"shell", "allow_pickle"}


class Module:
    """One parsed file: its dotted name, its source, and everything that it imports, by whole dotted name."""

    def __init__(self, root: Path, path: Path) -> None:
        parts = path.relative_to(root).with_suffix("").parts
        self.name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        self.where = path.relative_to(root).as_posix()
        self.source = path.read_text("utf-8")
        self.tree = ast.parse(self.source)

    def imports(self) -> Iterator[tuple[int, str]]:
        """Yield (line, dotted name); `from a import b` gives `a.b`, whether b is a module or a name in one."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = "." * node.level + (node.module or "")
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)

    def calls(self) -> Iterator[tuple[int, str, list[str]]]:
        """Yield (line, dotted name of what is called, keywords that are not plainly False)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                given = [k.arg or "**" for k in node.keywords if not (isinstance(k.value, ast.Constant) and not k.value.value)]
                yield node.lineno, ast.unparse(node.func), given


def modules(root: Path) -> list[Module]:
    """Every module of the four top folders below `root`."""
    return [Module(root, path) for top in TOPS for path in sorted((root / top).rglob("*.py"))]


def room(name: str) -> str | None:
    """The room that a dotted name of ours is in; None for what is not ours."""
    top, *rest = name.split(".")
    if top in ("scripts", "baselines"):
        return top
    if top == "schemas" or (top == "corpus" and (not rest or rest[0] in GROUND)):
        return "ground"
    return f"corpus.{rest[0]}" if top == "corpus" else None


def layer(step: str, name: str) -> int:
    """The place of a module's folder among its step's; -1 for what is in none of them."""
    below = name.removeprefix(f"{step}.").split(".")[0] if inside(name, step) else ""
    return LAYERS[step].index(below) if below in LAYERS[step] else -1


def inside(name: str, folder: str) -> bool:
    return name == folder or name.startswith(f"{folder}.")


def faults(root: Path) -> list[str]:
    """Every broken rule below `root`, one line each, with file and line."""
    found: list[str] = []
    everything = modules(root)
    for module in everything:
        found += [f"{module.where}:{line}: {said}" for line, said in sorted(set(_faults_of(module)))]
    try:
        TopologicalSorter(graph(everything)).prepare()
    except CycleError as error:
        found.append("import cycle: " + " ← ".join(error.args[1]))
    return found


def _faults_of(module: Module) -> Iterator[tuple[int, str]]:
    here = room(module.name)
    if here not in MAY_USE:
        yield 1, f"{module.name} is in no room of the tree"
        return
    if not ast.get_docstring(module.tree):
        yield 1, "has no docstring"
    if (lines := module.source.count("\n")) > MAX_LINES:
        yield lines, f"has {lines} lines; {MAX_LINES} are allowed"
    for line, name in module.imports():
        if name.startswith("."):
            yield line, "imports by a relative name; write the whole one"
        there = room(name)
        if there is not None and there not in MAY_USE[here]:
            yield line, f"{here} may not import {name}"
        if any(layer(step, name) > layer(step, module.name) for step in LAYERS if inside(module.name, step)):
            yield line, f"{module.name} may not import {name}"
        top = name.split(".")[0]
        if top in BANNED_MODULES:
            yield line, f"imports {top}, which can run code out of a file"
        if top in ONLY_IN and not inside(module.name, ONLY_IN[top]) and (here, name) not in EXCEPT:
            yield line, f"imports {name}; only {ONLY_IN[top]} may"
    for line, called, keywords in module.calls():
        if called in BANNED_CALLS:
            yield line, f"calls {called}"
        yield from ((line, f"calls {called} with {keyword}") for keyword in keywords if keyword in BANNED_KEYWORDS)


def graph(everything: list[Module]) -> dict[str, set[str]]:
    """Module → the modules of ours that it imports, wherever in the file."""
    names = {module.name for module in everything}
    edges: dict[str, set[str]] = {}
    for module in everything:
        found = {name if name in names else name.rpartition(".")[0] for _, name in module.imports()}
        edges[module.name] = (found & names) - {module.name}
    return edges


def test_tree_keeps_its_arrows() -> None:
    assert faults(PROJECT) == []


def test_every_room_is_seen() -> None:
    everything = modules(PROJECT)
    assert {room(module.name) for module in everything} == set(MAY_USE)
    assert all(any(inside(module.name, folder) for module in everything) for folder in ONLY_IN.values())
    for step, folders in LAYERS.items():
        assert {module.name.split(".")[2] for module in everything if module.name.startswith(f"{step}.")} == set(folders)


WRONG = {
    "corpus.curate may not import corpus.release.card": ("corpus/curate/sample.py", "from corpus.release import card"),
    "corpus.labeling may not import scripts.console": ("corpus/labeling/a.py", "from scripts import console"),
    "corpus.labeling may not import corpus.sample.replay": (
        "corpus/labeling/b.py",
        "import corpus.sample.replay",
    ),
    "corpus.release.layout.a may not import corpus.release.papers.card": (
        "corpus/release/layout/a.py",
        "from corpus.release.papers import card",
    ),
    "corpus.release.check.a may not import corpus.release.dataset.rows.Row": (
        "corpus/release/check/a.py",
        "from corpus.release.dataset.rows import Row",
    ),
    "corpus.release may not import baselines.report": ("corpus/release/a.py", "import baselines.report"),
    "baselines may not import corpus.curate.splits.split": ("baselines/a.py", "from corpus.curate.splits import split"),
    "ground may not import corpus.articles.draft": ("corpus/text/a.py", "import corpus.articles.draft"),
    "only corpus.labeling.sync may": ("corpus/labeling/studio/a.py", "from label_studio_sdk import LabelStudio"),
    "only corpus.release may": ("baselines/b.py", "from datasets import Features"),
    "imports pickle": ("corpus/store.py", "import pickle"),
    "imports joblib": ("baselines/c.py", "from joblib import load"),
    "calls eval": ("corpus/codebook.py", "eval('1')"),
    "calls yaml.load": ("corpus/workspace.py", "import yaml\nyaml.load('', yaml.Loader)"),
    "calls subprocess.run with shell": ("scripts/a.py", "import subprocess\nsubprocess.run('ls', shell=True)"),
    "relative name": ("scripts/b.py", "from . import console"),
    "301 lines": ("baselines/d.py", "\n" * 300),
    "corpus.cellar is in no room": ("corpus/cellar/__init__.py", ""),
    "import cycle": ("corpus/errors.py", "import corpus.records"),
}
"""What the checker must say: the file that is wrong, and its text."""


@pytest.mark.parametrize("said", WRONG)
def test_checker_sees(said: str, tmp_path: Path) -> None:
    for name in ("corpus/__init__.py", "corpus/records.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('"""Fine."""\nimport corpus.errors\n' if "records" in name else '"""Fine."""\n')
    (tmp_path / "corpus" / "errors.py").write_text('"""Fine."""\n')
    assert faults(tmp_path) == []
    path, text = WRONG[said]
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(f'"""A module that is wrong."""\n{text}')
    assert len(faults(tmp_path)) == 1
    assert said in faults(tmp_path)[0]


def test_checker_sees_a_missing_docstring(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "a.py").write_text("import sys\n")
    assert faults(tmp_path) == ["scripts/a.py:1: has no docstring"]


def test_checker_lets_baselines_load_datasets(tmp_path: Path) -> None:
    (tmp_path / "baselines").mkdir()
    (tmp_path / "baselines" / "a.py").write_text('"""Reads."""\nfrom datasets import load_dataset\n')
    assert faults(tmp_path) == []
