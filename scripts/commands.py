"""The subcommands of `warraq`, in the order of the trade, each with an example."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from scripts import (  # fmt: skip
    adjudicate,
    agreement,
    benchmark,
    card,
    codebook,
    convert,
    demo,
    diff,
    doctor,
    duplicates,
    init,
    predict,
    publish,
    pull,
    push,
    rehydrate,
    resolve,
    sample,
    split,
    status,
    studio,
    train,
    verify,
)

ORDER: list[str] = []
"""Their names, as they are added below."""


class InOrder(TyperGroup):
    """Lists the commands in the order of the trade, where Typer would put groups last."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands."""
        return ORDER


app = typer.Typer(
    cls=InOrder,
    name="warraq",
    help="From a folder of news articles to a labelled, measured, published dataset of stance and topic.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def main_options(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option(
            "-C", metavar="DIR", exists=True, file_okay=False, help="The corpus folder; otherwise found from here upwards."
        ),
    ] = None,
) -> None:
    """Remember the corpus folder for the subcommand."""
    ctx.obj = folder


def _add(function: Callable[..., None], example: str) -> None:
    ORDER.append(function.__name__)
    app.command(epilog=f"Example: {example}")(function)


def _add_group(group: typer.Typer, name: str, help: str) -> None:
    ORDER.append(name)
    app.add_typer(group, name=name, help=help)


_add(init.init, "warraq init my-corpus")
_add_group(codebook.app, "codebook", "The questions and labels: show the guidelines, compare versions, migrate.")
_add(convert.convert, "warraq convert pages/ archive.tar.xz articles.jsonl")
_add(duplicates.duplicates, "warraq duplicates")
_add(sample.sample, "warraq sample --n 500")
_add_group(studio.app, "studio", "A Label Studio of your own on this machine: start, stop, status, install.")
_add(push.push, "warraq push")
_add(status.status, "warraq status")
_add(pull.pull, "warraq pull")
_add(agreement.agreement, "warraq agreement")
_add(resolve.resolve, "warraq resolve")
_add(adjudicate.adjudicate, "warraq adjudicate --show-answers")
_add(split.split, "warraq split")
_add(train.train, "warraq train")
_add(predict.predict, "warraq predict stance")
_add(publish.publish, "warraq publish")
_add(card.card, "warraq card")
_add(verify.verify, "warraq verify release")
_add(diff.diff, "warraq diff release-0.1.0 release")
_add(rehydrate.rehydrate, "warraq rehydrate release --from pages/ crawl.warc.gz --to full")
_add(benchmark.benchmark, "warraq benchmark mawqif --train train.csv --test test.csv")
_add(doctor.doctor, "warraq doctor")
_add(demo.demo, "warraq demo")
