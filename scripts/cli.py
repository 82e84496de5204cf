"""The `warraq` command: its subcommands in the order of the trade, and the edge where errors become exit codes.

Exit codes: 0 done; 1 a check failed, or `--strict` met a reject; 2 the call or the corpus folder is wrong; 3 Label Studio,
the Hub or storage could not be reached, or refused; 130 stopped by Ctrl-C.
"""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

CTRL_C = 130
"""The exit code that Typer makes of Ctrl-C, as shells do."""

try:
    import typer
    from typer.core import TyperGroup

    from corpus.errors import CorpusError, WarraqError
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
except KeyboardInterrupt:  # these take a fifth of a second
    sys.exit(CTRL_C)

ORDER = ["init", "codebook", "convert", "duplicates", "sample", "studio", "push", "status", "pull", "agreement", "resolve"]
ORDER += ["adjudicate", "split", "train", "predict", "publish", "card", "verify", "diff", "rehydrate", "benchmark"]
ORDER += ["doctor", "demo"]


class InOrder(TyperGroup):
    """Lists the commands in the order of the trade, where Typer would put the group `studio` last."""

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


def _add(function: object, example: str) -> None:
    app.command(epilog=f"Example: {example}")(function)  # type: ignore[type-var]


_add(init.init, "warraq init my-corpus")
app.add_typer(codebook.app, name="codebook", help="The questions and labels: show the guidelines, compare versions, migrate.")
_add(convert.convert, "warraq convert pages/ archive.tar.xz articles.jsonl")
_add(duplicates.duplicates, "warraq duplicates")
_add(sample.sample, "warraq sample --n 500")
app.add_typer(studio.app, name="studio", help="A Label Studio of your own on this machine: start, stop, status, install.")
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


def main() -> None:
    """Run the command; print an error as what went wrong and what to do, and end with its exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that has no Arabic
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here, where a full disk is told in words
    except SystemExit as end:
        if end.code == CTRL_C:
            print("stopped; run the same command again: nothing is lost or doubled", file=sys.stderr)
        raise
    except WarraqError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end
        if isinstance(error, BrokenPipeError):
            sys.exit(1)
        fix = "see that you may read and write there, that the disk has room, and that no file stands where a folder should"
        print(f"error: {error.filename or 'a file'}: {error.strerror or error}\n  To mend it: {fix}", file=sys.stderr)
        sys.exit(CorpusError.exit_code)


if __name__ == "__main__":
    main()
