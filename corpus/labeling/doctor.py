"""What a corpus needs to be worked on: Python, disk, write rights, the corpus folder, Label Studio and its token."""

import os
import shutil
import sys
from pathlib import Path

from msgspec import Struct

from corpus import workspace as workspaces
from corpus.errors import WarraqError
from corpus.labeling.studio import install
from corpus.labeling.sync.server import connect

NEEDED_GB = 2.0
PYTHON = (3, 11)


class Check(Struct, frozen=True):
    """One thing looked at: what was found, and what to do if it is not well."""

    name: str
    ok: bool
    found: str
    fix: str


class DoctorReport(Struct, frozen=True):
    """Every check, in the order in which they matter."""

    checks: list[Check]


def examine(folder: Path | None) -> DoctorReport:
    """Look at the machine and at the corpus that `folder` (or the current folder) is in."""
    here = (folder or Path.cwd()).resolve()
    version = ".".join(map(str, sys.version_info[:3]))
    room = shutil.disk_usage(here if here.exists() else here.anchor).free / 1e9
    checks = [
        Check("Python", sys.version_info >= PYTHON, version, "install Python 3.11 or newer"),
        Check("disk", room >= NEEDED_GB, f"{room:.1f} GB free", f"free {NEEDED_GB:g} GB; Label Studio alone takes 1.5"),
        Check("write rights", os.access(here, os.W_OK), str(here), "choose a folder that you may write to"),
        Check(
            "Label Studio installed",
            install.installed(),
            str(install.home()) if install.installed() else "no",
            "run `warraq studio install`",
        ),
    ]
    return DoctorReport([*checks, *_corpus(here)])


def _corpus(here: Path) -> list[Check]:
    try:
        workspace = workspaces.find(here)
        book = workspace.codebook()
        targets = workspace.targets() if book.targets else []
    except WarraqError as error:
        return [Check("corpus folder", False, error.what, error.fix)]
    found = f"{workspace.root}, codebook {book.ref}, {len(targets)} targets"
    checks = [Check("corpus folder", True, found, "")]
    if book.targets:
        checks.append(Check("targets", bool(targets), f"{len(targets)}", "name what people take a stance on in targets.yaml"))
    try:
        server = connect(workspace)
        server.user_emails()
        checks.append(Check("Label Studio and token", True, server.url, ""))
    except WarraqError as error:
        checks.append(Check("Label Studio and token", False, error.what, error.fix))
    return checks
