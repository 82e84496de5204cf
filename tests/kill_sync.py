"""Hundreds of kills of push and pull on a real Label Studio of its own, and dozens of the server: about ten minutes.

Ends with exit code 1 and a traceback at the first thing that is lost, doubled or left lying. What is killed, and what must
hold then, is in tests/labeling/live_kills.py; the tests do the same less often.
"""

import random
import secrets
import tempfile
from pathlib import Path

from corpus import workspace
from corpus.labeling.studio.server import served
from corpus.labeling.sync.server import connect
from tests.labeling.killed import child_process
from tests.labeling.live_kills import Killer, Pulling, Pushing

CLIENTS = 200
SERVERS = 20


def main() -> None:
    """Kill until every number is reached; the seed is printed first."""
    seed = secrets.randbits(32)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as name, child_process() as child:
        folder, random_ = Path(name), random.Random(seed)
        workspace.create(folder / "server")
        space = workspace.find(folder / "server")
        with served(space):
            server = connect(space)
            killer = Killer(space, server, child, random_)
            for work in (Pushing(server, folder / "push"), Pulling(server, folder / "pull", random_)):
                killer.clients(work, CLIENTS)
                print(f"{work.step} killed {CLIENTS} times: nothing lost or doubled", flush=True)
                failed = killer.servers(work, SERVERS)
                print(f"server killed {SERVERS} times during {work.step}, which failed {failed} times: likewise", flush=True)


if __name__ == "__main__":
    main()
