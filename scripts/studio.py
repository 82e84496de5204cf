"""`warraq studio start|stop|status|install`."""

import typer
from msgspec import Struct

from corpus.errors import CheckError
from scripts import console

app = typer.Typer(no_args_is_help=True)


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
    from corpus.labeling.studio import accounts, server

    workspace = console.workspace(ctx)
    state = server.running(workspace)
    if state is None:
        raise CheckError(f"Label Studio of {workspace.root} is not running", "run `warraq studio start`")
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
