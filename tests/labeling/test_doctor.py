"""`warraq doctor` names what is missing, how to mend it, and ends with 1 if anything is."""

import json
from pathlib import Path

import pytest
from in_process import warraq
from stand_in import without_backoff

from corpus import workspace


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    without_backoff(monkeypatch)


def checks(folder: Path, **environment: str) -> tuple[int, dict[str, dict[str, object]]]:
    done = warraq("-C", str(folder), "doctor", "--json", **environment)
    return done.returncode, {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def test_outside_a_corpus_folder(tmp_path: Path) -> None:
    code, found = checks(tmp_path)
    assert code == 1
    assert not found["corpus folder"]["ok"] and "warraq init" in str(found["corpus folder"]["fix"])
    assert found["Python"]["ok"] and found["disk"]["ok"] and found["write rights"]["ok"]


def test_a_new_corpus_lacks_targets_and_a_server(tmp_path: Path) -> None:
    workspace.create(tmp_path)
    code, found = checks(tmp_path)
    assert code == 1
    assert "targets.yaml" in str(found["targets"]["fix"])
    assert not found["Label Studio and token"]["ok"]
    assert "warraq studio start" in str(found["Label Studio and token"]["fix"])


def test_where_label_studio_is_not_installed(tmp_path: Path) -> None:
    _, found = checks(tmp_path, XDG_DATA_HOME=str(tmp_path), HOME=str(tmp_path))
    assert not found["Label Studio installed"]["ok"]
    assert "warraq studio install" in str(found["Label Studio installed"]["fix"])


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://[::1", "nonsense"])
def test_a_url_that_nobody_answers(tmp_path: Path, url: str) -> None:
    workspace.create(tmp_path)
    config = tmp_path / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('url = ""', f'url = "{url}"'), "utf-8")
    _, found = checks(tmp_path, LABEL_STUDIO_API_KEY="0" * 40)
    assert not found["Label Studio and token"]["ok"] and url in str(found["Label Studio and token"]["found"])
    _, found = checks(tmp_path, LABEL_STUDIO_API_KEY="")
    assert "LABEL_STUDIO_API_KEY" in str(found["Label Studio and token"]["fix"])


def test_people_read_one_line_a_check_and_what_to_do(tmp_path: Path) -> None:
    done = warraq("-C", str(tmp_path), "doctor")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("ok      Python: 3.")
    assert any(line.startswith("MISSING corpus folder") for line in lines)
    assert "error: missing: corpus folder" in done.stderr
