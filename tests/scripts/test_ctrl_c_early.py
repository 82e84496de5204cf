"""Ctrl-C while a command's modules are still being loaded."""

import subprocess
import sys

import pytest

LOAD = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
from scripts.cli import main
main()
"""


@pytest.mark.parametrize("module", ["scripts.commands", "typer", "scripts.convert", "scripts.verify"])
def test_ctrl_c_while_modules_are_loaded_is_130_without_a_traceback(module: str) -> None:
    done = subprocess.run([sys.executable, "-c", LOAD, module], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
