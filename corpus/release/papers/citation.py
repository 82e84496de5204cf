"""How to cite a dataset: CITATION.cff (Citation File Format 1.2.0), and BibTeX for its card. Written from card.toml."""

import re

import yaml
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from corpus.release.layout.manifest import About
from corpus.release.papers.prose import Author, Paper, Prose, paragraph

CITATION = "CITATION.cff"
_PAPERS = {"conference": "conference-paper", "workshop": "conference-paper", "journal": "article", "preprint": "article"}


def cff(corpus: About, prose: Prose) -> bytes:
    """CITATION.cff of a dataset whose authors are named. Addresses of people are never in it."""
    authors = [_author(author) for author in prose.authors]
    licence = spdx(corpus.licence.labels)
    told = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": corpus.name,
        "version": corpus.version,
        "authors": authors,
        "abstract": paragraph(prose.summary) or None,
        "date-released": prose.published and prose.published.isoformat(),
        "license": licence,
        "url": prose.url or None,
        "doi": prose.doi or None,
        "preferred-citation": _paper(prose.paper, authors) if prose.paper else None,
    }
    known = {name: value for name, value in told.items() if value is not None}
    return yaml.safe_dump(known, allow_unicode=True, sort_keys=False, width=120).encode()


def spdx(licence: str) -> str | None:
    """The identifier of a licence, if it is one that SPDX lists."""
    try:
        canonical = str(canonicalize_license_expression(licence))
    except InvalidLicenseExpression:
        return None
    return None if " " in canonical or canonical.startswith("LicenseRef-") else canonical


def bibtex(corpus: About, prose: Prose) -> str:
    """BibTeX of the dataset, and of its paper if it has one."""
    people = " and ".join(f"{{{a.name}}}" if a.name else f"{a.family}, {a.given}".strip(", ") for a in prose.authors)
    about = {
        "title": corpus.name,
        "author": people,
        "year": str(prose.published.year) if prose.published else "",
        "version": corpus.version,
        "doi": prose.doi,
        "url": prose.url,
    }
    entries = [_entry("misc", re.sub(r"[^\w-]", "-", corpus.name, flags=re.ASCII), about)]
    if paper := prose.paper:
        kind, where = ("article", "journal") if paper.venue_type in ("journal", "preprint") else ("inproceedings", "booktitle")
        cited = {"title": paper.title, "author": people, where: paper.venue_name or paper.venue, "url": paper.url}
        entries.append(_entry(kind, "paper", cited))
    return "\n\n".join(entries)


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}"


def _author(author: Author) -> dict[str, str]:
    told = {"name": author.name, "family-names": author.family, "given-names": author.given}
    told |= {"affiliation": author.affiliation, "orcid": author.orcid}
    if author.name:
        del told["affiliation"]  # an organisation has none in the format
    return {name: value for name, value in told.items() if value}


def _paper(paper: Paper, authors: list[dict[str, str]]) -> dict[str, object]:
    told: dict[str, object] = {"type": _PAPERS[paper.venue_type], "title": paper.title, "authors": authors}
    if paper.url:
        told["url"] = paper.url
    if venue := paper.venue_name or paper.venue:
        told["journal" if told["type"] == "article" else "collection-title"] = venue
    return told
