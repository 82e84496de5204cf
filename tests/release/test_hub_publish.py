"""`warraq publish --to` and `warraq verify` by the command line, on the Hub and in folders; and what may not go out."""

import json
import re
import shutil
from pathlib import Path

import msgspec
import pytest
from hub_answers import INITIAL
from hub_releases import content
from hub_server import TOKEN, Hub
from run_warraq import warraq
from typer.testing import CliRunner

from corpus.errors import CheckError, CorpusError
from corpus.records import text_sha256
from corpus.release.dataset.publish import publish
from corpus.release.send import send
from corpus.sample.replay import FOLDER
from scripts.commands import app

PERSONAL = "للتواصل هاتف رقم +962 6 555 0100 أو office@example.org"


@pytest.fixture
def ready(corpus, named, rewrite):
    """A corpus whose card.toml is filled in."""
    rewrite(named)
    (corpus.root / "card.toml").write_bytes((FOLDER / "card.toml").read_bytes())
    return corpus


def test_to_the_hub_and_back(ready, tmp_path):
    hub = Hub()
    told = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hf"), "HF_TOKEN": TOKEN, "HF_HUB_DISABLE_XET": "1"}
    env = told | {"HF_HUB_OFFLINE": "0", "HF_DATASETS_OFFLINE": "0"}
    try:
        done = warraq("publish", "--to", "maha/tiny", "--json", cwd=ready.root, **env)
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert said["sent"]["to"] == "maha/tiny" and said["sent"]["operations"]["add"] == said["release"]["files"]
        assert hub.repos["maha/tiny"].commits[-1].files == INITIAL | content(ready.release)
        done = warraq("verify", "maha/tiny@v0.1.0", cwd=tmp_path, **env)
        assert done.returncode == 0, done.stdout + done.stderr
        done = warraq("verify", "maha/tiny@v9", cwd=tmp_path, **env)
        assert done.returncode == 3 and "no dataset maha/tiny with v9" in done.stderr
    finally:
        hub.stop()
    for path in (path for path in [*ready.root.rglob("*"), *tmp_path.joinpath("hf").rglob("*")] if path.is_file()):
        assert TOKEN.encode() not in path.read_bytes(), path


def test_a_hub_that_is_away_is_told(ready, tmp_path):
    env = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1"}
    done = warraq("verify", "maha/tiny", cwd=ready.root, **env)
    assert done.returncode == 3 and "HF_HUB_OFFLINE" in done.stderr


@pytest.fixture
def quick(monkeypatch):
    """Without the check that starts a process."""
    monkeypatch.delitem(send.verify.CHECKS, "load")


def put(corpus, to: Path | str, **options):
    return send.send(corpus, publish(corpus, **options), str(to))


def test_to_a_folder(ready, tmp_path, quick):
    report = put(ready, tmp_path / "out")
    assert content(tmp_path / "out") == content(ready.release) and report.version == "0.1.0"


def test_an_unfinished_card_stays_here(ready, tmp_path, quick):
    (ready.root / "card.toml").unlink()
    with pytest.raises(CheckError, match=r"a person has still to write in card\.toml: "):
        put(ready, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_personal_data_stays_here_unless_masked_or_withheld(ready, named, rewrite, tmp_path, quick):
    last = named.articles[-1]  # nobody judged it
    named.articles[-1] = msgspec.structs.replace(last, text=PERSONAL, sha256=text_sha256(PERSONAL), blocks=[])
    rewrite(named)
    with pytest.raises(CheckError, match=last.id):
        put(ready, tmp_path / "out")
    shutil.rmtree(ready.release)
    put(ready, tmp_path / "masked", mask=True)
    assert (tmp_path / "masked" / "MANIFEST.json").exists()


def test_a_leak_stays_here(ready, named, rewrite, tmp_path, quick):
    named.splits[1] = msgspec.structs.replace(named.splits[1], split="test")  # of the same group as the first
    rewrite(named)
    with pytest.raises(CheckError, match="not what it says: splits: group"):
        put(ready, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("to", ["out", "a/b/c", "maha/tiny@v1", "hf://datasets/maha/tiny", "maha/a--b", ""])
def test_what_is_no_destination_is_told(to):
    with pytest.raises(CorpusError):
        send.is_hub(to)


def test_a_destination_is_read_by_its_form(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "maha" / "tiny").mkdir(parents=True)
    assert send.is_hub("maha/tiny")  # whatever folders there are
    assert not any(map(send.is_hub, ["./maha/tiny", "/maha/tiny", "../tiny", "~/tiny", "s3://press/tiny"]))
    assert send.located("maha/tiny") == Path("maha/tiny")  # to read, the folder goes first, as in load_dataset


def test_a_dry_run_lists_what_it_would_do(ready, tmp_path, quick):
    done = CliRunner().invoke(app, ["-C", str(ready.root), "publish", "--to", str(tmp_path / "out"), "--dry-run"])
    assert done.exit_code == 0 and not (tmp_path / "out").exists()
    assert re.search(r"add +README\.md \([\d,]+ bytes\)", done.stdout)
    files = len(content(ready.release))
    assert f"would add or replace {files}, delete 0 and keep 0 files; nothing was sent" in done.stdout


def test_without_a_token_it_says_what_to_do(ready, quick, monkeypatch):
    monkeypatch.setattr(send.hub, "get_token", lambda: None)
    with pytest.raises(CorpusError, match="hf auth login"):
        put(ready, "maha/tiny")


@pytest.mark.parametrize("options", [["--public"], ["--dry-run"], ["--to", "./out", "--gated"]])
def test_options_of_the_hub_elsewhere_are_told(ready, tmp_path, quick, options, monkeypatch):
    monkeypatch.chdir(ready.root)
    done = CliRunner().invoke(app, ["publish", *options])
    assert isinstance(done.exception, CorpusError) and not (ready.root / "out").exists()
