"""A little web server for the faults that a real Label Studio can't be made to show; alone, or in front of a real one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

Answer = tuple[int, str, bytes]
"""Status, content type, body."""
Fault = Callable[[str, str], Answer | None]
"""(method, path) → what to answer instead of the truth, or None. Asked after the real server has done its work."""


class Faulty(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, fault: Fault, real: str | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fault, self.real = fault, real
        self.seen: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Faulty

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0]
        self.server.seen.append((self.command, path))
        status, kind, content = 404, "application/json", b"{}"
        if self.server.real:
            headers = {name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers}
            done = httpx.request(self.command, self.server.real + self.path, content=body, headers=headers, timeout=60)
            status, kind, content = done.status_code, done.headers.get("Content-Type", ""), done.content
        status, kind, content = self.server.fault(self.command, path) or (status, kind, content)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def stand_in(fault: Fault, real: str | None = None) -> Iterator[Faulty]:
    """Answer as `fault` says for the length of a block; where it says None, pass on what the server at `real` says."""
    server = Faulty(fault, real)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
