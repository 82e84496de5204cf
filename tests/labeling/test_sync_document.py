"""docs/labeling-sync.md names only commands, options, report fields and reasons that exist."""

import re
from pathlib import Path

from in_process import warraq

from corpus.labeling.sync.push import PushReport

PROJECT = Path(__file__).parent.parent.parent
PAGE = (PROJECT / "docs" / "labeling-sync.md").read_text("utf-8")


def test_every_command_and_option_exists() -> None:
    lines = [
        line.split("#")[0].split() for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()
    ]
    named = {command: set[str]() for _, command, *_ in lines} | {c: set() for c in re.findall(r"`warraq (\w+)`", PAGE)}
    for _, command, *options in lines:
        named[command] |= {option for option in options if option.startswith("--")}
    assert {"push", "pull", "status"} <= named.keys()
    for command, options in named.items():
        done = warraq(command, "--help", COLUMNS="200")
        assert done.returncode == 0 and all(option in done.stdout for option in options), command


def test_every_reason_and_field_exists() -> None:
    source = "".join(path.read_text("utf-8") for path in (PROJECT / "corpus" / "labeling").rglob("*.py"))
    for reason in re.findall(r"a reject, (.*?)[;,|]", PAGE):
        assert all(f'"{name}"' in source for name in re.findall(r"`(\w+)`", reason)), reason
    for name in ("sent", "present", "text_changed", "updated", "standing", "removed", "moved"):
        assert f"`{name}" in PAGE and name in PushReport.__struct_fields__
