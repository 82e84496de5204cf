"""One release → another of the same rows in another form: masked, withheld or rehydrated. Streams; the old one stays."""

import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from datasets import Features

from corpus.release.layout import features, forms, manifest
from corpus.release.layout.opened import Opened
from corpus.release.layout.shards import ShardWriter

Row = dict[str, Any]
Splits = dict[str, dict[str, manifest.Split]]


def rows(
    old: Opened, new: Path, promised: dict[str, Features], row_of: Callable[[str, Row], Row], first: Iterable[str] = ()
) -> Splits:
    """Write every row of a release into another, and codebook.json.

    Args:
        old: the release that is read.
        new: the folder to write to.
        promised: the features of each config in its new form.
        row_of: (config, row) → the row in its new form.
        first: the configs to write first, because others need what is learnt on the way.

    Returns:
        The rows and their hash, of each config and split in the old manifest's order.
    """
    written: Splits = {}
    with ThreadPoolExecutor(1) as pool:
        for config in dict.fromkeys([*first, *old.manifest.configs]):
            writers = {split: ShardWriter(new / config, split, promised[config], pool) for split in old.configs[config]}
            for split, row in old.rows(config):
                writers[split].add(row_of(config, row))
            for writer in writers.values():
                writer.close()
            written[config] = {
                split: manifest.Split(writers[split].rows, writers[split].digest.hexdigest())
                for split in (*features.SPLITS, features.FULL)
                if split in writers
            }
    shutil.copyfile(old.folder / manifest.CODEBOOK, new / manifest.CODEBOOK)
    return {config: written[config] for config in old.manifest.configs}


def promised(old: Opened, text: forms.Form, masked: bool) -> dict[str, Features]:
    """The features of the configs of a release in another form."""
    return forms.of(features.of_release(old.book, old.languages), text, masked)
