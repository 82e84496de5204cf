"""What of a release's README.md follows from its Parquet files, its codebook and what its corpus says of itself.

The YAML that the Hub and `load_dataset` read, and those generated blocks of the card that need no report.
"""

import re

from datasets import DatasetInfo, SplitDict, SplitInfo
from datasets.info import DatasetInfosDict
from datasets.utils.metadata import MetadataConfigs
from huggingface_hub import DatasetCardData

from corpus.codebook import Codebook
from corpus.release import tables
from corpus.release.manifest import About
from corpus.release.released import Config


def blocks(configs: dict[str, Config], corpus: About, book: Codebook) -> dict[str, str]:
    """The content of the generated blocks, by name."""
    return {
        "overview": tables.overview(configs, corpus, book),
        "usage": tables.usage(next(iter(configs))),
        "configs": tables.configurations(configs, book),
        "features": tables.columns(configs, book),
        "labels": tables.labels(configs, book),
        "outlets": tables.outlets(configs["articles"]),
        "lengths": tables.lengths(configs),
        "licences": tables.licences(corpus),
    }


def front_matter(configs: dict[str, Config], corpus: About) -> str:
    """The YAML that the Hub and `load_dataset` read, between its two lines of dashes."""
    licence = corpus.licence.labels
    known = re.fullmatch(r"[\w.+-]+", licence, re.ASCII) is not None
    data = DatasetCardData(
        pretty_name=corpus.name,
        language=[corpus.language.split("-")[0]],
        license=licence.lower() if known else "other",
        license_name=None if known else licence,
        task_categories=["text-classification"],
        size_categories=[_size(max(sum(config.rows.values()) for config in configs.values()))],
    )
    default = next(iter(configs))
    MetadataConfigs(
        {
            c.name: {"data_files": [{"split": split, "path": f"{c.name}/{split}-*.parquet"} for split in c.files]}
            | ({"default": True} if c.name == default else {})
            for c in configs.values()
        }
    ).to_dataset_card_data(data)
    DatasetInfosDict({c.name: _info(c) for c in configs.values()}).to_dataset_card_data(data)
    return "---\n" + data.to_yaml(line_break="\n") + "\n---\n\n"


def _info(config: Config) -> DatasetInfo:
    splits = SplitDict()
    for split, rows in config.rows.items():
        splits.add(SplitInfo(split, num_bytes=config.memory_bytes[split], num_examples=rows))
    return DatasetInfo(
        config_name=config.name,
        features=config.features,
        splits=splits,
        download_size=sum(config.file_bytes.values()),
        dataset_size=sum(config.memory_bytes.values()),
    )


def _size(rows: int) -> str:
    """The Hub's name for a size."""
    sizes = ["1K", "10K", "100K", "1M", "10M", "100M", "1B"]
    for power, size in enumerate(sizes, 3):
        if rows < 10**power:
            return f"n<{size}" if size == "1K" else f"{sizes[power - 4]}<n<{size}"
    return "n>1B"
