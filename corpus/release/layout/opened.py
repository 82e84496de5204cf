"""A release as a stranger has it: the folder and nothing else. What the checks of `warraq verify` read."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import DatasetInfo, Features
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCard

from corpus.release.layout import features, forms, manifest

Row = dict[str, Any]


class Opened:
    """An opened release. Its manifest and codebook are read at once, the rest when a check asks for it."""

    def __init__(self, folder: Path) -> None:
        """Open the release in `folder`.

        Raises:
            CorpusError: MANIFEST.json or codebook.json is missing or cannot be read.
        """
        self.folder = folder
        self.manifest = manifest.read(folder)
        self.book = manifest.read_codebook(folder)

    @cached_property
    def readme(self) -> str:
        """README.md as it stands."""
        return (self.folder / manifest.README).read_bytes().decode()

    @cached_property
    def infos(self) -> dict[str, DatasetInfo]:
        """Features and counts of each config, as README.md gives them to `load_dataset`."""
        return dict(DatasetInfosDict.from_dataset_card_data(DatasetCard(self.readme).data))

    @property
    def written(self) -> Iterator[tuple[str, str]]:
        """Name and text of every file that is neither rows nor a picture."""
        for name in (*manifest.names(self.folder), manifest.MANIFEST):
            if not name.endswith((".parquet", ".png")):
                yield name, (self.folder / name).read_text("utf-8")

    @cached_property
    def configs(self) -> dict[str, dict[str, list[Path]]]:
        """The Parquet files by config and split."""
        found: dict[str, dict[str, list[Path]]] = {}
        for path in sorted(self.folder.glob("*/*.parquet")):
            found.setdefault(path.parent.name, {}).setdefault(path.name.rpartition("-of-")[0].rpartition("-")[0], []).append(
                path
            )
        return found

    @property
    def labelled(self) -> Iterator[str]:
        """The names of the configs that have settled labels."""
        return (question.id for question in self.book.labelled if question.id in self.configs)

    def groups(self, config: str, columns: list[str] | None = None) -> Iterator[tuple[str, pa.Table]]:
        """Split and row group, one in memory at a time. A column that a file lacks is not in its groups."""
        for split, paths in self.configs[config].items():
            for file in map(pq.ParquetFile, paths):
                for number in range(file.num_row_groups):
                    yield split, file.read_row_group(number, columns)

    def rows(self, config: str, columns: list[str] | None = None) -> Iterator[tuple[str, Row]]:
        """Split and row, a row group in memory at a time."""
        for split, group in self.groups(config, columns):
            for row in group.to_pylist():
                yield split, row

    @property
    def languages(self) -> set[str]:
        """The languages in which targets have names."""
        columns = {name for info in self.infos.values() for name in info.features}
        return {name.removeprefix("target_") for name in columns if name.startswith("target_")}

    @cached_property
    def promised(self) -> dict[str, Features]:
        """The features that each config must have by the codebook and the form of the release."""
        full = features.of_release(self.book, self.languages)
        return forms.of(full, self.manifest.text, self.manifest.masked)
