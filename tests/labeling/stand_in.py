"""A little web server for the faults that a real Label Studio can't be made to show: alone, before a real or a small one."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Protocol

import httpx
import pytest

Answer = tuple[int, str, bytes]
"""Status, content type, body."""
CUT: Answer = (0, "", b"")
"""The connection is closed without an answer."""
Fault = Callable[[str, str], Answer | None]
"""(method, path) → what to answer instead of the truth, or None."""


class Backend(Protocol):
    """What can stand behind the stand-in instead of a real server; it has its own clock, seconds since 1970."""

    @property
    def now(self) -> float: ...

    def answer(self, method: str, path: str, body: bytes) -> Answer: ...


def without_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK waits seconds between its own attempts; not in this test."""
    for backoff in ("_retry_timeout", "_retry_timeout_from_retries"):
        monkeypatch.setattr(f"label_studio_sdk.core.http_client.{backoff}", lambda **_: 0.0)


def none(method: str, path: str) -> Answer | None:
    """No fault."""


class Faulty(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, fault: Fault, real: str | Backend | None, before: Fault) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fault, self.real, self.before = fault, real, before
        self.seen: list[tuple[str, str]] = []
        self.callers: set[int] = set()
        """The ports that calls came from: one for each connection."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed has closed its connection."""


class _Handler(BaseHTTPRequestHandler):
    server: Faulty
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0]
        self.server.seen.append((self.command, path))
        self.server.callers.add(self.client_address[1])
        given = self.server.before(self.command, path)
        if given is None:
            told = self._told(body)
            given = self.server.fault(self.command, path) or told
        status, kind, content = given
        if given == CUT:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _told(self, body: bytes) -> Answer:
        real = self.server.real
        if real is None:
            return 404, "application/json", b"{}"
        if not isinstance(real, str):
            return real.answer(self.command, self.path, body)
        headers = {name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers}
        done = httpx.request(self.command, real + self.path, content=body, headers=headers, timeout=60)
        return done.status_code, done.headers.get("Content-Type", ""), done.content

    do_GET = do_POST = do_PATCH = do_DELETE = _answer

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The clock of what stands behind, where it has one."""
        own = isinstance(self.server.real, str) or self.server.real is None
        return super().date_time_string(time.time() if own else self.server.real.now)  # type: ignore[union-attr]

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def stand_in(fault: Fault = none, real: str | Backend | None = None, before: Fault = none) -> Iterator[Faulty]:
    """Answer as `fault` says for the length of a block; where it says None, pass on what the server at `real` says.

    `before` is asked first, and what it answers the real server never hears of; `fault` after it has done its work.
    """
    server = Faulty(fault, real, before)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
