"""How long work tells of its progress: one call for each step done. The command line draws it; the library does not care."""

from collections.abc import Callable

Progress = Callable[[int, int | None], None]
"""Called with the number done so far and the total, where it is known."""


def quiet(done: int, total: int | None) -> None:
    """Tell nobody."""
