"""`warraq studio start|stop|status|install` and `warraq studio user add`."""

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from corpus.errors import CheckError
from scripts import console

if TYPE_CHECKING:
    from corpus.labeling.studio.server import Running
    from corpus.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
user = typer.Typer(no_args_is_help=True)
app.add_typer(user, name="user", help="The annotators' accounts on the local server: add.")


class StudioReport(Struct):
    """Where the local Label Studio is and how to log in."""

    url: str
    user: str
    password: str


@app.command(epilog="Example: warraq studio start")
def start(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Start Label Studio for this corpus on 127.0.0.1 (installing it the first time) and say how to log in."""
    from corpus.labeling.studio import accounts, server

    workspace = console.workspace(ctx)
    with console.progress("starting Label Studio (about a minute the first time)") as progress:
        state = server.start(workspace, progress)
    owner = accounts.owner(workspace.state)
    report = StudioReport(state.url, owner.email, owner.password)
    console.show(report, as_json, f"Label Studio is at {report.url}", f"  user {report.user}  password {report.password}")


@app.command(epilog="Example: warraq studio stop")
def stop(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Stop this corpus's Label Studio. Nothing is lost: it keeps its data in the corpus folder."""
    from corpus.labeling.studio import server

    stopped = server.stop(console.workspace(ctx))
    console.show({"stopped": stopped}, as_json, "stopped" if stopped else "was not running")


@app.command(epilog="Example: warraq studio status")
def status(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Say whether this corpus's Label Studio is running, and where. Exit code 1 if it is not."""
    from corpus.labeling.studio import accounts

    workspace = console.workspace(ctx)
    state = _running(workspace)
    owner = accounts.owner(workspace.state)
    report = StudioReport(state.url, owner.email, owner.password)
    console.show(report, as_json, f"running at {state.url}", f"  user {report.user}  password {report.password}")


@app.command(epilog="Example: warraq studio install")
def install(as_json: console.Json = False) -> None:
    """Install Label Studio in an environment of its own, if it is not there. `start` does this too."""
    from corpus.labeling.studio import install

    with console.progress("installing Label Studio (about two minutes the first time)") as progress:
        folder = install.install(progress)
    console.show({"folder": str(folder)}, as_json, f"Label Studio is installed in {folder}")


@user.command(epilog="Example: warraq studio user add layla")
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Letters a-z, digits, - and _.")],
    as_json: console.Json = False,
) -> None:
    """Make an annotator's account on the running local server, if it is not there, and say how to log in."""
    from corpus.labeling.studio import accounts

    workspace = console.workspace(ctx)
    state = _running(workspace)
    account = accounts.add_annotator(workspace.state, state.url, name)
    report = StudioReport(state.url, account.email, account.password)
    console.show(report, as_json, f"{name} can log in at {report.url}", f"  user {report.user}  password {report.password}")


def _running(workspace: "Workspace") -> "Running":
    from corpus.labeling.studio import server

    state = server.running(workspace)
    if state is None:
        raise CheckError(f"Label Studio of {workspace.root} is not running", "run `warraq studio start`")
    return state
