"""`warraq push`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scripts import console

if TYPE_CHECKING:
    from corpus.labeling.sync.push import PushReport
    from corpus.workspace import Workspace

Update = Annotated[bool, typer.Option("--update", help="Give items whose article has changed its new text, as a new task.")]
Prune = Annotated[bool, typer.Option("--prune", help="Delete tasks of no item that nobody has answered or begun.")]

Control = Annotated[Path | None, typer.Option(metavar="FILE", help="JSONL of articles, targets and their right answers.")]

Predictions = Annotated[
    Path | None,
    typer.Option(
        metavar="MODEL",
        help="A folder of models, such as models/: they predict first. Or what `warraq predict` wrote."
        " Sent as pre-annotations, once a version.",
    ),
]
Again = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Doubted gold, such as reports/doubtful.jsonl: one more person looks and decides."),
]
Order = Annotated[
    Literal["given", "random", "diverse", "uncertain"] | None,
    typer.Option(help="What people get next, from now on; written into warraq.toml."),
]
Overlap = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="How many people judge an item, from now on; written into warraq.toml.")
]
Share = Annotated[
    float | None,
    typer.Option(metavar="SHARE", min=0, max=1, help="The share of the items that so many judge, the others one; likewise."),
]


def push(
    ctx: typer.Context,
    update: Update = False,
    prune: Prune = False,
    control: Control = None,
    predictions: Predictions = None,
    again: Again = None,
    order: Order = None,
    overlap: Overlap = None,
    overlap_share: Share = None,
    as_json: console.Json = False,
) -> None:
    """Send the items to Label Studio that it does not hold yet."""
    from corpus.labeling import controls
    from corpus.labeling.sync.push import push as step
    from corpus.labeling.sync.server import connect

    workspace = console.workspace(ctx)
    if control is not None:
        controls.add(workspace, control)  # before the models predict: a control's text need not name its target
    if predictions is not None and predictions.is_dir():
        predictions = _predicted(workspace, predictions)
    with console.progress("sending items") as progress:
        report = step(
            workspace,
            connect(workspace),
            progress,
            update=update,
            prune=prune,
            predictions=predictions,
            again=again,
            order=order,
            overlap=overlap,
            overlap_share=overlap_share,
        )
    console.show(report, as_json, *_told(report))


def _predicted(workspace: "Workspace", models: Path) -> Path:
    """What these models say of what nobody has labelled: the file, written as by `warraq predict`."""
    from baselines.predict import predict

    with console.progress("labelling") as progress:
        predict(workspace, progress=progress, folder=models)
    return workspace.predictions


def _told(report: "PushReport") -> list[str]:
    judged = f" + {report.judged_before:,} judged in another project" if report.judged_before else ""
    hint = "; see `warraq push --update`" if report.text_changed else ""
    lines = [
        f"{report.items:,} items = {report.present:,} there already + {report.sent:,} sent"
        f" + {report.text_changed:,} whose text has changed since they were sampled{judged}{hint}"
    ]
    if report.updated:
        lines.append(f"  {report.updated:,} items have their article's new text")
    if report.moved:
        lines.append(f"  of those sent, {report.moved:,} stood there in another order; nobody had begun them")
    for what, kinds in (("tasks deleted", report.removed), ("tasks that stand beside them", report.standing)):
        if counted := {kind: count for kind, count in kinds.items() if count}:
            lines.append(f"  {what}: {console.counts(counted)}")
    if told := report.predictions:
        lines.append(f"  {told.tasks:,} tasks: {told.sent:,} got the answers of {told.version}, {told.present:,} had them")
    if looked := report.again:
        lines.append(
            f"  {looked.chosen:,} items to look at again = {looked.present:,} there already + {looked.sent:,} sent"
            f" + {looked.text_changed:,} whose text has changed, in {looked.title!r}; then `warraq adjudicate --pull`"
        )
    return [
        *lines,
        f"  {_asked(report)}",
        f"  project {report.title!r} at {report.server}/projects/{report.project}",
        f"  annotators begin at {report.server}/projects/{report.project}/data?labeling=1",
    ]


def _asked(report: "PushReport") -> str:
    """Who judges what, and in which order, as the project has it now."""
    many = "1 person" if report.annotators_per_item == 1 else f"{report.annotators_per_item:,} people"
    some = f" {report.overlap_share:.0%} of the items, one the others" if report.overlap_share < 1 else " each item"
    needs = (
        "" if report.order != "uncertain" or report.model_version else ", once `--predictions` has sent some; random till then"
    )
    return f"{many} {'judges' if report.annotators_per_item == 1 else 'judge'}{some}; order: {report.order}{needs}"
