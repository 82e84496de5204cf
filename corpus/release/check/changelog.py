"""A draft of the entry that tells a dataset's users what a new release changes, as Markdown; a person edits it."""

from collections import Counter
from collections.abc import Iterator

from corpus.release.check.diff import Changes, DiffReport

SHOWN = 10


def draft(report: DiffReport) -> str:
    """The entry for the new version: what breaks users' work first, then counts, then which rows."""
    return "\n".join([f"## {report.new}", "", f"Since {report.old}:", "", *_lines(report)]) + "\n"


def _lines(report: DiffReport) -> Iterator[str]:
    lines = [f"- **Must not be released**: {fault}." for fault in report.refused]
    if report.old_form != report.new_form:
        lines.append(f"- **Breaking**: texts were {report.old_form} and are {report.new_form} now.")
    for moved in report.labels_moved:
        now = "is gone" if moved.new is None else f"is {moved.new} now"
        lines.append(f"- **Breaking**: label `{moved.label}` of `{moved.question}` was {moved.old} and {now}.")
    for config, changes in report.configs.items():
        lines += _of_config(config, changes)
    if report.text_changed:
        lines.append(f"- The text of {len(report.text_changed):,} articles changed: {_some(report.text_changed)}.")
    for what, all_moved in (("articles", report.articles_moved), ("items", report.items_moved)):
        for (old, new), count in sorted(Counter((old or "none", new or "none") for _, old, new in all_moved).items()):
            keys = [key for key, *sides in all_moved if [side or "none" for side in sides] == [old, new]]
            lines.append(f"- {count:,} {what} moved from split {old} to {new}: {_some(keys)}.")
    yield from lines or ["- Nothing changed."]


def _of_config(config: str, changes: Changes) -> list[str]:
    lines = []
    if changes.added:
        lines.append(f"- `{config}`: {len(changes.added):,} rows added.")
    if changes.removed:
        lines.append(f"- `{config}`: {len(changes.removed):,} rows removed: {_some(changes.removed)}.")
    if changes.relabelled:
        shown = [f"{key} ({old} → {new})" for key, old, new in changes.relabelled]
        lines.append(f"- `{config}`: {len(changes.relabelled):,} rows relabelled: {_some(shown)}.")
    return lines


def _some(keys: list[str]) -> str:
    rest = len(keys) - SHOWN
    return ", ".join(keys[:SHOWN]) + (f" and {rest:,} more" if rest > 0 else "")
