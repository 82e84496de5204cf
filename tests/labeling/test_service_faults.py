"""Whatever stands where Label Studio should: one clear message, exit code 3, no secret, nothing half-written."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from in_process import warraq
from labeling_corpus import annotation, small
from stand_in import Answer, stand_in, without_backoff

from corpus import store
from corpus.errors import ServiceError
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server, connect
from corpus.labeling.sync.status import status
from corpus.records import Item
from corpus.workspace import Workspace

TOKEN = "5ec2e7" * 6 + "abcd"
JSON = "application/json"
SECRET = b"sessionid=topsecret; maintainer@warraq.local"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """Three items, and an annotation of an earlier pull."""
    made = small(tmp_path / "c", "faults")
    (first, *_) = store.read(made.items, Item)
    store.write(made.annotations, [annotation(first, "a-1", {"stance": "favor"})])
    return made


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    without_backoff(monkeypatch)


@pytest.fixture(autouse=True)
def unchanged(space: Workspace) -> Iterator[None]:
    """No file of the corpus is touched by what fails."""
    before = {path: path.read_bytes() for path in space.root.iterdir() if path.is_file()}
    yield
    assert {path: path.read_bytes() for path in space.root.iterdir() if path.is_file()} == before


def at(space: Workspace, url: str) -> Workspace:
    """The same corpus, its warraq.toml naming this server, in a folder beside it."""
    beside = space.root.parent / "named"
    return small(beside, "faults", settings=f'url = "{url}"')


def refused(step: object, space: Workspace, server: Server) -> str:
    with pytest.raises(ServiceError) as caught:
        step(space, server)  # type: ignore[operator]
    said = str(caught.value)
    assert TOKEN not in said and "topsecret" not in said and "@" not in said
    assert server.url in said and len(said) < 500
    return said


@pytest.mark.parametrize(
    "answer",
    [
        (200, "text/html", b"<html>welcome</html>" + SECRET),
        (200, JSON, b""),
        (200, JSON, b"{}"),
        (200, JSON, b"[]"),
        (200, JSON, b"null"),
        (200, JSON, b"17"),
        (200, JSON, b'{"results": [\xff]}'),
        (404, "text/html", b"<html>no such page</html>" + SECRET),
        (400, JSON, b'{"detail": "Validation error", "validation_errors": {"title": ["too long"]}}'),
    ],
    ids=["html", "empty", "object", "list", "null", "number", "not utf-8", "404", "400"],
)
def test_what_is_not_label_studio_is_said_not_to_be(space: Workspace, answer: Answer) -> None:
    with stand_in(lambda *_: answer) as server:
        said = refused(push, space, Server(server.url, TOKEN))
        assert ("too long" in said) == (answer[0] == 400)
        if answer[2] != b"{}":  # which is a list of no projects
            refused(pull, space, Server(server.url, TOKEN))


@pytest.mark.parametrize("code", [500, 503, 429])
def test_a_server_in_trouble(space: Workspace, code: int) -> None:
    with stand_in(lambda *_: (code, "text/html", SECRET)) as server:
        assert f"answered {code}" in refused(push, space, Server(server.url, TOKEN))
        assert len(server.seen) > 1, "a question that changes nothing may be asked again"


@pytest.mark.parametrize("code", [401, 403])
def test_a_token_that_is_refused(space: Workspace, code: int) -> None:
    with stand_in(lambda *_: (code, JSON, b'{"detail": "Invalid token."}')) as server:
        for step in (push, pull, status):
            assert "LABEL_STUDIO_API_KEY" in refused(step, space, Server(server.url, TOKEN))


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://127.0.0.1:99999", "http://[::1", "127.0.0.1:8080", "ftp://x"])
def test_an_address_that_nobody_answers(space: Workspace, url: str) -> None:
    with pytest.raises(ServiceError, match=r"cannot be reached.*\n.*(studio start|warraq.toml)"):
        push(space, Server(url, TOKEN))


def test_a_token_of_other_letters(space: Workspace) -> None:
    with pytest.raises(ServiceError) as caught:
        push(space, Server("http://127.0.0.1:9", "توكن"))
    assert "توكن" not in str(caught.value)


def test_no_server_and_no_token_name_what_to_do(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    with pytest.raises(ServiceError, match="warraq studio start"):
        connect(space)
    with pytest.raises(ServiceError, match="LABEL_STUDIO_API_KEY"):
        connect(at(space, "https://labels.example.org"))


def test_the_commands_end_with_3(space: Workspace) -> None:
    for command in ("push", "status", "pull"):
        done = warraq("-C", str(space.root), command)
        assert (done.returncode, done.stdout) == (3, "")
        assert (
            done.stderr == "error: the Label Studio of this corpus is not running\n  To mend it: run `warraq studio start`\n"
        )


def test_a_command_asks_a_web_page_and_says_so(space: Workspace) -> None:
    with stand_in(lambda *_: (200, "text/html", b"<html></html>" + SECRET)) as server:
        done = warraq("-C", str(at(space, server.url).root), "push", "--json", LABEL_STUDIO_API_KEY=TOKEN)
    assert (done.returncode, done.stdout) == (3, "")
    assert "not Label Studio" in done.stderr and "topsecret" not in done.stderr and TOKEN not in done.stderr


def test_a_proxy_is_not_asked_for_a_server_on_this_machine(space: Workspace) -> None:
    with stand_in(lambda *_: (400, JSON, b'{"detail": "it was me"}')) as server:
        named = at(space, server.url)
        proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
        done = warraq("-C", str(named.root), "push", LABEL_STUDIO_API_KEY=TOKEN, **proxy)
    assert done.returncode == 3 and "it was me" in done.stderr
