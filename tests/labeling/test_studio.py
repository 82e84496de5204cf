"""The local server's life: one for a corpus, on this machine only, closed to strangers, and never another program's end."""

import contextlib
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import msgspec
import pytest
from labeling_corpus import small

from corpus import store, workspace
from corpus.errors import CorpusError, ServiceError
from corpus.labeling.answers import to_result
from corpus.labeling.studio import accounts, install, server
from corpus.labeling.studio.server import Running
from corpus.labeling.sync import server as seam
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server, connect
from corpus.workspace import Workspace

Studio = tuple[Workspace, Server]
GOOD = to_result({"stance": "favor", "topic": "04000000"}, [], None)


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.mark.studio
def test_it_listens_on_this_machine_only(studio: Studio) -> None:
    _, served = studio
    port = httpx.URL(served.url).port
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    rows += [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    listening = {row[1].split(":")[0] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}
    assert listening == {"0100007F"}  # 127.0.0.1


@pytest.mark.studio
def test_another_host_name_is_refused(studio: Studio) -> None:
    assert httpx.get(studio[1].url + "/user/login/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.studio
def test_a_stranger_cannot_sign_up(studio: Studio) -> None:
    _, served = studio
    before = len(served.user_emails())
    with httpx.Client(base_url=served.url, follow_redirects=True) as client:
        client.get("/user/login/")
        form = {
            "email": "stranger@example.org",
            "password": "long-enough-1",
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        }
        client.post("/user/signup/", data=form, headers={"Referer": served.url})
        client.post("/user/signup/?token=guess", data=form, headers={"Referer": served.url})
        assert client.get("/api/current-user/whoami").status_code == 401
    assert len(served.user_emails()) == before


@pytest.mark.studio
def test_the_owner_can_log_in_with_the_password_on_the_screen(studio: Studio) -> None:
    space, served = studio
    owner = accounts.owner(space.state)
    with httpx.Client(base_url=served.url) as client:
        client.get("/user/login/")
        form = {"email": owner.email, "password": owner.password, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        assert client.post("/user/login/", data=form, headers={"Referer": served.url}).status_code == 302
        assert client.get("/api/current-user/whoami").json()["email"] == owner.email


@pytest.mark.studio
def test_secrets_are_private(studio: Studio) -> None:
    space, _ = studio
    assert mode(space.state) == "0o700"
    assert mode(space.state / "credentials.json") == "0o600"
    assert mode(space.state / "label-studio") == "0o700"
    owner = accounts.owner(space.state)
    running = server.running(space)
    assert running
    arguments = Path(f"/proc/{running.pid}/cmdline").read_text()
    assert "--data-dir" in arguments and owner.password not in arguments and owner.token not in arguments
    log = (space.state / "studio.log").read_text("utf-8")
    assert owner.password not in log and owner.token not in log


@pytest.mark.studio
def test_start_again_gives_the_same_server(studio: Studio) -> None:
    space, served = studio
    first = server.running(space)
    assert first and first.url == served.url
    assert server.start(space) == first
    assert accounts.owner(space.state) == accounts.owner(space.state)


@pytest.mark.studio
def test_an_annotator_is_made_once_and_a_bad_name_not_at_all(studio: Studio) -> None:
    space, served = studio
    made = accounts.add_annotator(space.state, served.url, "Nadia")
    assert accounts.add_annotator(space.state, served.url, "Nadia") == made
    assert list(served.user_emails().values()).count(made.email) == 1
    assert re.fullmatch("[0-9a-f]{40}", made.token) and mode(space.state / "credentials.json") == "0o600"
    with pytest.raises(ServiceError, match="another name") as caught:
        accounts.add_annotator(space.state, served.url, "nadia")  # the same address
    assert "@" not in str(caught.value)
    for name in ("", "a b", "a@b", "نادية", "../x", "a\nb"):
        with pytest.raises(CorpusError, match="choose another name"):
            accounts.add_annotator(space.state, served.url, name)


@pytest.mark.studio
def test_an_account_that_was_made_without_a_token_gets_one(studio: Studio) -> None:
    """Label Studio makes the account first and its token then; cut short in between, the account has none."""
    space, served = studio
    made = accounts.add_annotator(space.state, served.url, "widad")
    with contextlib.closing(sqlite3.connect(space.state / "label-studio" / "label_studio.sqlite3", timeout=30)) as database:
        found = database.execute("select id from htx_user where email = ?", (made.email,)).fetchone()
        database.execute("delete from authtoken_token where user_id = ?", found)
        database.commit()
    stored = accounts.credentials(space.state)
    assert stored is not None
    stored.annotators["widad"] = msgspec.structs.replace(made, token="")
    store.write_json(space.state / "credentials.json", stored, mode=0o600)
    again = accounts.add_annotator(space.state, served.url, "widad")
    assert (again.email, again.password) == (made.email, made.password) and again.token not in ("", made.token)
    assert Server(served.url, again.token).find_project("no such title") is None


@pytest.mark.studio
def test_a_killed_start_is_taken_up_a_server_that_died_is_replaced_and_nothing_is_lost(
    tmp_path: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seam, "PAGE", 5)
    monkeypatch.setattr(seam, "EXPORT_TASKS", 1)  # so a pull has some fifty calls
    space = small(tmp_path / "c", "life", 40)
    with_data_of(studio[0], space)  # an empty database takes half a minute more, as the fixture's has shown
    code = "import sys; from corpus import workspace; from corpus.labeling.studio import server;"
    code += "from pathlib import Path; server.start(workspace.find(Path(sys.argv[1])))"
    begun = subprocess.Popen([sys.executable, "-c", code, str(space.root)])
    while not (space.state / "studio.json").exists():
        assert begun.poll() is None
        time.sleep(0.05)
    begun.send_signal(signal.SIGKILL)
    begun.wait()
    try:
        first = server.start(space)
        assert Running(first.pid, first.url) == server.running(space)
        assert servers(space) == [first.pid], "the killed start's server is used, not a second one on the same data"
        report = push(space, connect(space))
        assert report.sent == 40
        connect(space).annotate(min(connect(space).task_ids(report.project)), GOOD, 1, False)
        owner = accounts.owner(space.state)

        killer = threading.Timer(0.3, os.killpg, (first.pid, signal.SIGKILL))
        killer.start()
        with pytest.raises(ServiceError):
            pull(space, connect(space))
        killer.join()
        assert not space.annotations.exists()
        while servers(space):
            time.sleep(0.05)
        with pytest.raises(ServiceError, match="not running"):
            connect(space)
        with pytest.raises(ServiceError, match="cannot be reached"):
            push(space, Server(first.url, owner.token))
        assert not server.running(space)

        second = server.start(space)
        assert servers(space) == [second.pid] != [first.pid]
        assert accounts.owner(space.state) == owner
        report = push(space, connect(space))
        assert (report.created, report.present, report.sent) == (False, 40, 0)
        assert pull(space, connect(space)).submitted == 1
        assert server.stop(space) and not servers(space)
        assert not server.stop(space) and not server.running(space)
    finally:
        for pid in servers(space):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def with_data_of(other: Workspace, space: Workspace) -> None:
    """Give a corpus a copy of another's server data and accounts, while that server runs."""
    name = "label_studio.sqlite3"
    (space.state / "label-studio").mkdir(mode=0o700)
    places = (other.state / "label-studio" / name, space.state / "label-studio" / name)
    source, copy = (sqlite3.connect(place) for place in places)
    with contextlib.closing(source), contextlib.closing(copy):
        source.backup(copy)
    store.write_bytes(space.state / "credentials.json", (other.state / "credentials.json").read_bytes(), mode=0o600)


def servers(space: Workspace) -> list[int]:
    """The processes whose data folder is this corpus's."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(space.state / "label-studio") in (folder / "cmdline").read_text().split("\0"):
                found.append(int(folder.name))
    return found


def test_another_program_with_the_old_process_id_is_left_alone(tmp_path: Path) -> None:
    space = small(tmp_path / "c", "stale")
    accounts.new_owner(space.state)
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as other:
        store.write_json(space.state / "studio.json", Running(other.pid, "http://127.0.0.1:9"))
        assert server.running(space) is None
        assert not server.stop(space)
        assert other.poll() is None
        other.kill()


@pytest.mark.parametrize("content", [b"", b"{", b'{"pid": "x"}', b"[]"])
def test_a_broken_state_file_is_no_running_server(tmp_path: Path, content: bytes) -> None:
    space = small(tmp_path / "c", "broken")
    accounts.new_owner(space.state)
    (space.state / "studio.json").write_bytes(content)
    assert server.running(space) is None
    assert not server.stop(space)


def test_a_dead_process_id_is_no_running_server(tmp_path: Path) -> None:
    space = small(tmp_path / "c", "dead")
    accounts.new_owner(space.state)
    with subprocess.Popen(["true"]) as gone:
        pass
    store.write_json(space.state / "studio.json", Running(gone.pid, "http://127.0.0.1:9"))
    assert server.running(space) is None
    assert not server.stop(space)


def fake_label_studio(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program in Label Studio's place."""
    (folder / "bin").mkdir(parents=True)
    (folder / "ready").touch()
    (folder / "bin" / "label-studio").write_text(f"#!{sys.executable}\n{script}")
    (folder / "bin" / "label-studio").chmod(0o755)
    monkeypatch.setattr(install, "home", lambda: folder)


def test_a_server_that_ends_at_once_is_said_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_label_studio(tmp_path / "ls", monkeypatch, "raise SystemExit('no disk')")
    space = small(tmp_path / "c", "ends")
    with pytest.raises(ServiceError, match=r"ended at once\n.*studio\.log"):
        server.start(space)
    assert "no disk" in (space.state / "studio.log").read_text()


def test_a_server_that_had_to_take_another_port_is_found_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two corpora started at once get the same free port; the slower one moves on, as the real one does."""
    script = """
import http.server
class Ok(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
moved = http.server.HTTPServer(("127.0.0.1", 0), Ok)
print(f"Starting development server at http://127.0.0.1:{moved.server_port}/", flush=True)
moved.serve_forever()
"""
    fake_label_studio(tmp_path / "ls", monkeypatch, script)
    space = small(tmp_path / "c", "moved")
    try:
        found = server.start(space)
        assert server.running(space) == found
        assert httpx.get(found.url).status_code == 200
        assert found.url in (space.state / "studio.log").read_text()
    finally:
        assert server.stop(space)


def test_an_unreadable_credentials_file_says_what_to_delete(tmp_path: Path) -> None:
    workspace.create(tmp_path)
    space = workspace.find(tmp_path)
    (space.state / "credentials.json").write_text('{"owner": 1}')
    with pytest.raises(CorpusError, match="delete it and"):
        server.running(space)
    (space.state / "credentials.json").unlink()
    with pytest.raises(CorpusError, match="warraq studio start"):
        accounts.owner(space.state)
