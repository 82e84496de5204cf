"""Label Studio in an environment of its own, in the user's data folder: made once, shared by all corpora.

The packages and their hashes are those of label-studio.lock; a new lock file makes a new environment beside the old one.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import filelock
import platformdirs

from corpus.errors import ServiceError
from corpus.progress import Progress, quiet

LOCK_FILE = Path(__file__).parent.parent / "label-studio.lock"


def home() -> Path:
    """The environment's folder; it may not exist yet."""
    digest = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()[:8]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return platformdirs.user_data_path("warraq") / f"label-studio-{digest}-py{version}"


def executable() -> Path:
    """Label Studio's command; it exists if `installed()`."""
    return home() / "bin" / "label-studio"


def installed() -> bool:
    """Whether the environment is complete."""
    return (home() / "ready").exists()


def install(progress: Progress = quiet) -> Path:
    """Make the environment if it is not there, and return its folder. Two calls at a time make it once.

    Raises:
        ServiceError: the packages could not be installed; says the last lines of what pip said.
    """
    folder = home()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder.with_name(f"{folder.name}.lock")):
        if not installed():
            shutil.rmtree(folder, ignore_errors=True)  # left by an installation that was killed
            _run([sys.executable, "-m", "venv", str(folder)], quiet)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
            _run([*pip, "--no-deps", "--require-hashes", "-r", str(LOCK_FILE)], progress)
            (folder / "ready").touch()
    return folder


def _run(command: list[str], progress: Progress) -> None:
    total = sum(line[:1].isalnum() for line in LOCK_FILE.read_text().splitlines())
    tail: list[str] = []
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            tail = [*tail[-9:], line.rstrip()]
            if line.startswith("Collecting"):
                done += 1
                progress(done, total)
    if process.returncode:
        raise ServiceError(
            "Label Studio could not be installed; pip's last words were:\n    " + "\n    ".join(tail),
            "see that a package index can be reached and that the disk has 2 GB free, then run the command again",
        )
