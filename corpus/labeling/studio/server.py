"""The local server of one corpus folder: started on 127.0.0.1, its SQLite folder under `.warraq/label-studio/`, stopped.

State is in `.warraq/studio.json`: the process and the address. Whether it is true is asked of the server each time.
"""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
from msgspec import Struct

from corpus import store
from corpus.errors import ServiceError
from corpus.labeling.studio import accounts, install
from corpus.labeling.studio.accounts import Credentials
from corpus.progress import Progress, quiet
from corpus.workspace import Workspace

START_SECONDS = 240
STOP_SECONDS = 20
FIRST_PORT = 8080

QUIET_AND_CLOSED = {
    "COLLECT_ANALYTICS": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "LATEST_VERSION_CHECK": "false",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "false",
    "ENABLE_LOCAL_FILES_STORAGE": "false",
    "PYTHONUNBUFFERED": "1",  # so that the log says at once where it listens
}
"""No telemetry, no sign-up without an invitation, no other host name, no reading of local files."""


class Running(Struct, frozen=True):
    """A server's process id and address."""

    pid: int
    url: str


def running(workspace: Workspace) -> Running | None:
    """The corpus's server, if it answers and knows the stored token."""
    state = _last_started(workspace)
    stored = accounts.credentials(workspace.state)
    if state is None or stored is None:
        return None
    return state if _answers(state.url, stored.owner.token) else None


def _last_started(workspace: Workspace) -> Running | None:
    try:
        return msgspec.json.decode((workspace.state / "studio.json").read_bytes(), type=Running)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def start(workspace: Workspace, progress: Progress = quiet) -> Running:
    """Start the corpus's server if it is not running, and wait until it answers. Installs Label Studio if need be.

    Args:
        workspace: the corpus.
        progress: called with the packages installed, then with the seconds waited.

    Raises:
        ServiceError: it could not be installed, ended at once, or did not answer in time.
    """
    install.install(progress)
    with workspace.alone("studio", wait=True):
        if already := running(workspace):
            return already
        stored = accounts.credentials(workspace.state) or accounts.new_owner(workspace.state)
        state = _last_started(workspace)
        if state is None or not _is_ours(state.pid, workspace.state):  # else a `start` that was killed has begun it
            state = _spawn(workspace, stored)
            store.write_json(workspace.state / "studio.json", state)
        for waited in range(START_SECONDS):
            listening = _listening(workspace)
            if listening not in (None, state.url):  # somebody took the port while it was starting, so it took another
                state = Running(state.pid, str(listening))
                store.write_json(workspace.state / "studio.json", state)
            if listening and _answers(listening, stored.owner.token):
                return state
            if not _is_ours(state.pid, workspace.state):
                raise ServiceError("Label Studio ended at once", f"read the end of {workspace.state / 'studio.log'}")
            progress(waited, None)
            time.sleep(1)
        _end(state.pid)
    raise ServiceError(f"Label Studio did not answer within {START_SECONDS} s", f"read {workspace.state / 'studio.log'}")


def stop(workspace: Workspace) -> bool:
    """Stop the corpus's server; False if none was running."""
    state = _last_started(workspace)
    ours = state is not None and _is_ours(state.pid, workspace.state)
    if state is not None and ours:
        _end(state.pid)
    return ours


@contextmanager
def served(workspace: Workspace) -> Iterator[Running]:
    """Start the server for the length of a block."""
    state = start(workspace)
    try:
        yield state
    finally:
        stop(workspace)


def _spawn(workspace: Workspace, stored: Credentials) -> Running:
    before = _last_started(workspace)
    port = _free_port(httpx.URL(before.url).port if before else None)
    data = workspace.state / "label-studio"
    data.mkdir(mode=0o700, exist_ok=True)
    secret = {  # by the environment, because a command line can be read by every user of the machine
        "LABEL_STUDIO_USERNAME": stored.owner.email,
        "LABEL_STUDIO_PASSWORD": stored.owner.password,
        "LABEL_STUDIO_USER_TOKEN": stored.owner.token,
    }
    command = [str(install.executable()), "start", "--no-browser", "--enable-legacy-api-token"]
    command += ["--data-dir", str(data), "--port", str(port), "--internal-host", "127.0.0.1"]
    with (workspace.state / "studio.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env=os.environ | QUIET_AND_CLOSED | secret,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    process.returncode = 0  # it outlives this command, and Python warns of a process that nobody waits for
    return Running(process.pid, f"http://127.0.0.1:{port}")


def _listening(workspace: Workspace) -> str | None:
    """The address that the server's log says it listens at, if it has come so far."""
    log = (workspace.state / "studio.log").read_text("utf-8", "replace")
    found = re.search(r"Starting development server at (http://127\.0\.0\.1:\d+)", log)
    return found[1] if found else None


def _free_port(before: int | None) -> int:
    """The port that the corpus had before, for annotations name their server; else the first free one from 8080 on.

    If it is taken before the server listens there, the server moves on by itself.
    """
    ports: list[int] = [*([before] if before else []), *range(FIRST_PORT, FIRST_PORT + 100)]
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ServiceError(f"ports {FIRST_PORT} to {FIRST_PORT + 99} are all in use", "stop a server")


def _answers(url: str, token: str) -> bool:
    try:
        headers = {"Authorization": f"Token {token}"}
        answer = httpx.get(f"{url}/api/current-user/whoami", headers=headers, timeout=5, trust_env=False)  # no proxy
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.status_code == httpx.codes.OK


def _is_ours(pid: int, state: Path) -> bool:
    """Whether the process is the server of this corpus: a process id alone may have gone to another program."""
    _reap(pid)
    if Path("/proc/self/cmdline").exists():  # Linux, where `ps` may not be installed
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").split("\0")
        except OSError:
            return False
        return str(state / "label-studio") in arguments
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False)
    return str(state / "label-studio") in shown.stdout


def _end(pid: int) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(pid, sign)
            for _ in range(STOP_SECONDS * 10):
                _reap(pid)
                os.killpg(pid, 0)
                time.sleep(0.1)
        except ProcessLookupError:
            return


def _reap(pid: int) -> None:
    """Collect an ended server that this very process started; it would count as running until then."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
