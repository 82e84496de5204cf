"""The card of a dataset: DATASET_CARD.md, whose prose is a person's and whose figures are counted from the release.

Between `<!-- gen:NAME start -->` and `<!-- gen:NAME end -->` stands what this module writes; nothing else is touched.
`<!-- fill: ... -->` asks a person for what no program knows. The release's README.md is the card with YAML before it
(see `readme`); its hash goes into the release's manifest.
"""

import re
from pathlib import Path

from msgspec import Struct

from corpus import store
from corpus.errors import CorpusError
from corpus.release import manifest, readme, released, scores
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
    book, corpus = workspace.codebook(), manifest.about(workspace.config)
    configs = released.read(release, [question.id for question in book.labelled])
    blocks = readme.blocks(configs, corpus, book) | {
        "agreement": scores.agreement(workspace.reports / "agreement.json"),
        "baselines": scores.baselines(workspace.reports / "baselines.json"),
    }
    body, refreshed = refresh(_prose(card, workspace.config.name), blocks, card)
    store.write_bytes(card, body.encode())
    released_card = release / manifest.README
    store.write_bytes(released_card, (readme.front_matter(configs, corpus) + body).encode())
    manifest.renew(release, workspace.config)
    unfilled = [" ".join(asked.split()) for asked in _FILL.findall(body)]
    return CardReport(card=str(card), readme=str(released_card), blocks=refreshed, unfilled=unfilled)


def _prose(card: Path, name: str) -> str:
    """The card as it stands, every byte of it, or a new one."""
    if not card.exists():
        return TEMPLATE.read_text("utf-8").replace("NAME", name, 1)
    try:
        return card.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise CorpusError(f"{card} is not UTF-8: byte {error.start}", "save it as UTF-8") from None


def refresh(body: str, blocks: dict[str, str], card: Path) -> tuple[str, list[str]]:
    """The card with new blocks, and their names in order.

    Raises:
        CorpusError: a mark is unknown, or stands where none should; it says file:line.
    """
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


def blocks(body: str, card: Path) -> list[tuple[str, str]]:
    """Name and content of each generated block of a card, in order.

    Raises:
        CorpusError: a block is open.
    """
    found = re.findall(r"<!--\s*gen:([\w-]+) start\s*-->\n(.*?)\n<!--\s*gen:\1 end\s*-->", body, re.DOTALL)
    if len(found) * 2 != len(_MARK.findall(body)):
        raise CorpusError(f"{card}: a block of figures is not closed", _MEND)
    return found


_MEND = "correct the mark, or take the block out; `warraq card` in a corpus without a card shows every block"
