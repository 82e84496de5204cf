"""The `warraq` command: runs a subcommand (`commands`) at the edge where errors become words and exit codes.

Exit codes: 0 done; 1 a check failed, or `--strict` met a reject; 2 the call or the corpus folder is wrong; 3 Label Studio,
the Hub or storage could not be reached, or refused; 130 stopped by Ctrl-C.
"""

import os
import sys
from io import TextIOWrapper

from corpus.errors import CorpusError, WarraqError

CTRL_C = 130
"""The exit code that Typer makes of Ctrl-C, as shells do."""


def main() -> None:
    """Run the command; print an error as what went wrong and what to do, and end with its exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that has no Arabic
    try:
        try:
            from scripts.commands import app  # takes a fifth of a second, in which Ctrl-C can come

            app()
        finally:
            sys.stdout.flush()  # here, where a full disk is told in words
    except KeyboardInterrupt:
        sys.exit(CTRL_C)
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
        where = error.filename2 or error.filename or "a file"  # a replaced file comes second
        print(f"error: {where}: {error.strerror or error}\n  To mend it: {fix}", file=sys.stderr)
        sys.exit(CorpusError.exit_code)


if __name__ == "__main__":
    main()
