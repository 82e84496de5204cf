"""README.md of a release, which is its card: YAML that the Hub and `load_dataset` read, then prose and figures.

The order of both is `card_template.md`, whose headings are those of the Hub's template, of data statements (Bender and
Friedman 2018) and of datasheets (Gebru et al. 2021). Text that nobody has written is "Not given".
"""

import re
from collections.abc import Iterable
from pathlib import Path

from datasets import DatasetInfo, SplitDict, SplitInfo
from datasets.info import DatasetInfosDict
from datasets.utils.metadata import MetadataConfigs
from huggingface_hub import DatasetCardData
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corpus.codebook import Codebook
from corpus.release.layout.manifest import About
from corpus.release.papers import citation, scores, tables
from corpus.release.papers.measured import Measured
from corpus.release.papers.prose import Prose
from corpus.release.papers.released import Config
from corpus.release.papers.scores import Reported

TEMPLATE = "card_template.md"
_PAGES = Environment(  # noqa: S701  Markdown
    loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
)
_BARE = re.compile(r"^( +'\d+': )(0\d+)$", re.MULTILINE)
"""The name of a label that looks like a number. The Hub's page reads YAML 1.2, to which 08000000 is one; YAML 1.1, which
Python writes, says that it is text and puts no quotes around it."""
TASK_IDS = {"single": "multi-class-classification", "multiple": "multi-label-classification"}


def body(
    configs: dict[str, Config],
    corpus: About,
    book: Codebook,
    prose: Prose,
    measured: list[Measured],
    reported: Reported,
    plots: Iterable[str] = (),
) -> str:
    """The card without its YAML.

    Args:
        configs: what the release holds.
        corpus: what its settings say.
        book: the codebook it was labelled by.
        prose: what people wrote.
        measured: agreement on each question.
        reported: what the reports say.
        plots: paths of the plots that are shown.
    """
    blocks = {
        "overview": tables.overview(configs, corpus, book),
        "usage": tables.usage(next(iter(configs))),
        "configs": tables.configurations(configs, book),
        "features": tables.columns(configs, book),
        "labels": tables.labels(configs, book),
        "outlets": tables.outlets(configs["articles"]),
        "lengths": tables.lengths(configs),
        "settled": tables.settled(configs, book),
        "licences": tables.licences(corpus),
        "agreement": scores.agreement(measured),
        "baselines": scores.baselines(reported.baselines),
    }
    shown = {path: Path(path).stem for path in plots}
    told = {"name": corpus.name, "prose": prose, "processing": tables.PROCESSING, "plots": shown}
    told["citation"] = citation.bibtex(corpus, prose) if prose.authors else ""
    return _PAGES.get_template(TEMPLATE).render(**blocks, **told)


def front_matter(configs: dict[str, Config], corpus: About, book: Codebook) -> str:
    """The YAML that the Hub and `load_dataset` read, between its two lines of dashes."""
    licence = corpus.licence.labels
    asked = [question for question in book.labelled if question.id in configs]
    languages = {corpus.language: 0} | {language: n for language, n in configs["articles"].languages.most_common() if language}
    known = re.fullmatch(r"[\w.+-]+", licence, re.ASCII) is not None
    data = DatasetCardData(
        pretty_name=corpus.name,
        language=list(dict.fromkeys(language.split("-")[0] for language in languages)),
        license=licence.lower() if known else "other",
        license_name=None if known else licence,
        license_details=f"labels: {licence}; text: {corpus.licence.text}",
        task_categories=["text-classification"],
        task_ids=sorted({"topic-classification" if q.id == "topic" else TASK_IDS[q.type] for q in asked}) or None,
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
    return "---\n" + _BARE.sub(r"\1'\2'", data.to_yaml(line_break="\n")) + "\n---\n\n"


def _info(config: Config) -> DatasetInfo:
    splits = SplitDict()
    for split, rows in config.rows.items():
        splits.add(SplitInfo(split, num_bytes=config.unpacked_bytes[split], num_examples=rows))
    return DatasetInfo(
        config_name=config.name,
        features=config.features,
        splits=splits,
        download_size=sum(config.file_bytes.values()),
        dataset_size=sum(config.unpacked_bytes.values()),
    )


def _size(rows: int) -> str:
    """The Hub's name for a size."""
    sizes = ["1K", "10K", "100K", "1M", "10M", "100M", "1B"]
    for power, size in enumerate(sizes, 3):
        if rows < 10**power:
            return f"n<{size}" if size == "1K" else f"{sizes[power - 4]}<n<{size}"
    return "n>1B"
