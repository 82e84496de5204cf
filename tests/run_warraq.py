"""Run the `warraq` command as a person does, in a process of its own; a traceback fails whatever test runs it."""

import os
import subprocess
import sys
from pathlib import Path

WARRAQ = Path(sys.executable).with_name("warraq")


def warraq(
    *arguments: str, cwd: Path | None = None, timeout: float = 120, **environment: str
) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", **environment}
    done = subprocess.run([WARRAQ, *arguments], cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout, check=False)
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done
