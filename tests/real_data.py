"""The real data beside the project, and the ANT articles converted once for all tests.

A module of its own, because `from conftest import …` finds whichever conftest.py was loaded last.
"""

import os
import tarfile
from pathlib import Path

import pytest

from corpus import workspace
from corpus.articles.convert import ConvertReport, convert
from corpus.workspace import Workspace

PROJECT = Path(__file__).parent.parent


def shared(*parts: str) -> Path:
    """A path in the real data, or a skip that says where it was looked for."""
    root = Path(os.environ.get("WARRAQ_DATA", PROJECT.parent / "shared" / "data"))
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real data not found: {path} (set WARRAQ_DATA to the folder that holds it)")
    return path


@pytest.fixture(scope="session")
def ant_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ANT files, unpacked: one folder a section."""
    folder = tmp_path_factory.mktemp("ant") / "ant"
    with tarfile.open(shared("ant", "ant-public.tar.xz")) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="session")
def ant_corpus(ant_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, ConvertReport]:
    """A corpus of all ANT files, and what `convert` said. Not to be written to."""
    folder = tmp_path_factory.mktemp("corpus") / "ant"
    workspace.create(folder)
    space = workspace.find(folder)
    return space, convert(space, [ant_folder])
