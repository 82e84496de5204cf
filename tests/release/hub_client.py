"""A process of its own that publishes with the real client: one line of JSON in, one out; a child process for each.

Started with HF_ENDPOINT in its environment, which the client reads when it is imported. `{"pid": N}` comes out first, and
the child begins when a line came back, so that a fault can kill it. Waits between tries are shortened.
"""

import json
import os
import sys
import time
from pathlib import Path

from corpus.errors import WarraqError
from corpus.release.send import hub
from corpus.release.send.hub import Access


def run(asked: dict[str, object]) -> dict[str, object]:
    try:
        access = Access(bool(asked.get("public")), bool(asked.get("gated")))
        done = hub.send(Path(str(asked["release"])), str(asked["repo"]), access, bool(asked.get("dry_run")))
    except WarraqError as error:
        return {"error": type(error).__name__, "said": str(error)}
    return {"add": list(done.add), "delete": list(done.delete), "keep": list(done.keep)}


def main() -> None:
    sleep = time.sleep
    time.sleep = lambda seconds: sleep(seconds / 1000)
    while line := sys.stdin.readline():
        reader, writer = os.pipe()
        begin, started = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.read(begin, 1)
                os.write(writer, json.dumps(run(json.loads(line))).encode())
            finally:
                os._exit(0)
        os.close(writer)
        print(json.dumps({"pid": child}), flush=True)
        sys.stdin.readline()
        os.write(started, b"!")
        with os.fdopen(reader) as told:
            said = told.read()
        os.waitpid(child, 0)
        print(said or json.dumps({"killed": True}), flush=True)
        os.close(begin)
        os.close(started)


if __name__ == "__main__":
    main()
