"""The card of a dataset: DATASET_CARD.md, whose prose is a person's and whose figures are counted from the release.

Between `<!-- gen:NAME start -->` and `<!-- gen:NAME end -->` stands what this module writes; nothing else is touched.
`<!-- fill: ... -->` asks a person for what no program knows. The release's README.md is the card with YAML before it.
"""

import re
from pathlib import Path

from datasets import DatasetInfo, SplitDict, SplitInfo
from datasets.info import DatasetInfosDict
from datasets.utils.metadata import MetadataConfigs
from huggingface_hub import DatasetCardData
from msgspec import Struct

from corpus import store
from corpus.errors import CorpusError
from corpus.release import released, scores, tables
from corpus.release.released import Config
from corpus.workspace import Config as Settings
from corpus.workspace import Workspace

TEMPLATE = Path(__file__).with_name("card_template.md")
_MARK = re.compile(r"<!--\s*gen:(.*?)-->", re.DOTALL)
_WELL_FORMED = re.compile(r"([\w-]+) (start|end)\s*")
_FILL = re.compile(r"<!--\s*fill:(.*?)-->", re.DOTALL)


class CardReport(Struct, frozen=True):
    """The card and the README written, the blocks refreshed, and what a person has still to fill in."""

    card: str
    readme: str
    blocks: list[str]
    unfilled: list[str]


def fill(workspace: Workspace, card: Path | None = None, release: Path | None = None) -> CardReport:
    """Refresh the generated blocks of the card from the release, and write the release's README.md.

    Args:
        workspace: the corpus folder.
        card: the card; the corpus's DATASET_CARD.md if not given. Made from a template if it does not exist.
        release: the release that is described; the corpus's release/ if not given.

    Raises:
        CorpusError: there is no release, a report in reports/ is not valid, or a block of the card is unknown or open.
    """
    card, release = card or workspace.card, release or workspace.release
    configs = released.read(release, [question.id for question in workspace.codebook().labelled])
    blocks = _blocks(workspace, configs)
    body, refreshed = _refresh(_prose(card, workspace.config.name), blocks, card)
    store.write_bytes(card, body.encode())
    readme = release / "README.md"
    store.write_bytes(readme, (_front_matter(configs, workspace.config) + body).encode())
    unfilled = [" ".join(asked.split()) for asked in _FILL.findall(body)]
    return CardReport(card=str(card), readme=str(readme), blocks=refreshed, unfilled=unfilled)


def _prose(card: Path, name: str) -> str:
    """The card as it stands, every byte of it, or a new one."""
    if not card.exists():
        return TEMPLATE.read_text("utf-8").replace("NAME", name, 1)
    try:
        return card.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise CorpusError(f"{card} is not UTF-8: byte {error.start}", "save it as UTF-8") from None


def _blocks(workspace: Workspace, configs: dict[str, Config]) -> dict[str, str]:
    book, settings = workspace.codebook(), workspace.config
    return {
        "overview": tables.overview(configs, settings, book),
        "usage": tables.usage(next(iter(configs))),
        "configs": tables.configurations(configs, book),
        "features": tables.columns(configs, book),
        "labels": tables.labels(configs, book),
        "outlets": tables.outlets(configs["articles"]),
        "lengths": tables.lengths(configs),
        "agreement": scores.agreement(workspace.reports / "agreement.json"),
        "baselines": scores.baselines(workspace.reports / "baselines.json"),
        "licences": tables.licences(settings),
    }


def _refresh(body: str, blocks: dict[str, str], card: Path) -> tuple[str, list[str]]:
    """The card with new blocks, and their names in order."""
    pieces, refreshed, at = [], [], 0
    opened: str | None = None
    for mark in _MARK.finditer(body):
        line = body.count("\n", 0, mark.start()) + 1
        parts = _WELL_FORMED.fullmatch(mark[1])
        expected = f"`gen:{opened} end`" if opened else "the start of one of " + ", ".join(blocks)
        name, side = parts.groups() if parts else (None, None)
        if side != ("end" if opened else "start") or (name != opened if opened else name not in blocks):
            raise CorpusError(f"{card}:{line}: got {mark[0]!r} where {expected} should stand", _MEND)
        if opened is None and name is not None:
            pieces += [body[at : mark.end()], "\n", blocks[name], "\n"]
            refreshed.append(name)
            opened = name
        else:
            at, opened = mark.start(), None
    if opened:
        raise CorpusError(f"{card}: block gen:{opened} is not closed", f"put `<!-- gen:{opened} end -->` after it")
    return "".join(pieces) + body[at:], refreshed


_MEND = "correct the mark, or take the block out; `warraq card` in a corpus without a card shows every block"


def _front_matter(configs: dict[str, Config], settings: Settings) -> str:
    """The YAML that the Hub and `load_dataset` read, between its two lines of dashes."""
    licence = settings.licence.labels
    known = re.fullmatch(r"[\w.+-]+", licence, re.ASCII) is not None
    data = DatasetCardData(
        pretty_name=settings.name,
        language=[settings.language.split("-")[0]],
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
