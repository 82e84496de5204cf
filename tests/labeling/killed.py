"""Runs push or pull in a forked process that can be killed at any instant; what starts it has loaded everything and waits.

The script reads lines of JSON, [push or pull, folder, url, token]. It answers with the forked process's id and, when that has
ended, with how.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus import workspace
from corpus.errors import ServiceError
from corpus.labeling.sync import server as seam
from corpus.labeling.sync import standing
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.workspace import Workspace

TOKEN = "5ec2e7" * 6 + "abcd"
STEPS = {"push": push, "pull": pull}


class Child:
    """The script, running."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def start(self, step: str, space: Workspace, url: str, token: str = TOKEN) -> int:
        """Begin a step; the id of the process to kill."""
        assert self.process.stdin and self.process.stdout
        print(json.dumps([step, str(space.root), url, token]), file=self.process.stdin)
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def exit_code(self) -> int:
        """Wait for its end; less than 0 if it was killed."""
        assert self.process.stdout
        return os.waitstatus_to_exitcode(int(self.process.stdout.readline()))

    def ended(self) -> bool:
        """Wait; whether it was killed."""
        return self.exit_code() < 0


@contextmanager
def child_process() -> Iterator[Child]:
    """Start the script, and end it after the block."""
    root = str(Path(__file__).parent.parent.parent)
    command, env = [sys.executable, __file__], os.environ | {"PYTHONPATH": root}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as process:
        yield Child(process)
        process.communicate()


def run(step: str, folder: str, url: str, token: str) -> int:
    """One step; 3 if the server could not be reached."""
    try:
        STEPS[step](workspace.find(Path(folder)), seam.Server(url, token))
    except ServiceError:
        return 3
    return 0


def main() -> None:
    """Answer each line until the input ends."""
    seam.PAGE = 4  # several batches from few items
    standing.WAITS = (0.01, 0.01)
    client = seam.Server("http://127.0.0.1:9", TOKEN)._client
    _ = client.projects.exports, client.tasks, client.users, client.actions  # the SDK loads them when first used
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(run(*json.loads(line)))
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
