"""Run the `warraq` command as run_warraq.py does, but in this process: a second a call less, and faults can be injected."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from scripts import cli


class Screen(io.TextIOWrapper):
    """Keeps what is written to it; a terminal, if it says so."""

    def __init__(self, terminal: bool = False) -> None:
        self.kept = io.BytesIO()
        self.terminal = terminal
        super().__init__(self.kept, encoding="utf-8", write_through=True)

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        return self.kept.getvalue().decode()


def warraq(
    *arguments: str, cwd: Path | None = None, terminal: bool = False, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """What the command prints and its exit code; an exception that is none of ours reaches the test."""
    out, err, code = Screen(terminal), Screen(), 0
    with (
        contextlib.chdir(cwd or Path.cwd()),
        mock.patch.dict(os.environ, {"COLUMNS": "200", "NO_COLOR": "1", **environment}),
        mock.patch.object(sys, "argv", ["warraq", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    return subprocess.CompletedProcess(["warraq", *arguments], code, out.text(), err.text())
