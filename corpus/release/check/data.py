"""Checks of a release's files, columns and rows. Each yields a sentence for every lie: what, where, got."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow.parquet as pq
from datasets import Features
from msgspec import Struct

from corpus.release.check import stranger
from corpus.release.layout import manifest
from corpus.release.layout.digest import RowsDigest
from corpus.release.layout.opened import Opened
from corpus.release.papers import card, citation, croissant, masader, plots

OFFLINE = {"HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}

_SHARD = re.compile(r"(?:train|validation|test|full)-\d{5}-of-\d{5}\.parquet")
_PAPERS = {manifest.README, manifest.CODEBOOK, card.GIVEN, croissant.CROISSANT, citation.CITATION, masader.MASADER}

_NOTES = {b"ARROW:schema", b"huggingface"}


def files(release: Opened) -> Iterator[str]:
    """Sizes and SHA-256 are those of the manifest; no file lacks, none is too many, none is of a kind that releases lack."""
    promised, found = release.manifest.files, set(manifest.names(release.folder))
    yield from (f"{name} is not there" for name in sorted(promised.keys() - found))
    yield from (f"{name} is not in {manifest.MANIFEST}" for name in sorted(found - promised.keys()))
    for name in sorted(promised.keys() & found):
        if (got := manifest.of_file(release.folder / name)) != promised[name]:
            yield f"{name} has SHA-256 {got.sha256} ({got.bytes} bytes); the manifest says {promised[name].sha256}"
    yield from (f"{name} is no file of a release" for name in sorted(promised.keys() & found) if not _is_known(release, name))
    yield from (f"{name} holds what it should not" for name, meant in _records(release) if not _holds(release, name, meant))
    if release.manifest.codebook != release.book.ref:
        yield f"{manifest.CODEBOOK} is {release.book.ref}; the manifest says {release.manifest.codebook}"
    if (made_by := manifest.command(release.manifest.text, release.manifest.masked)) != release.manifest.command:
        yield f"a release of this form is made by `{made_by}`; the manifest says {release.manifest.command!r}"


def _is_known(release: Opened, name: str) -> bool:
    """Whether a release has such a file. Its plots and papers are told apart by the check of the card."""
    config, _, file = name.rpartition("/")
    if config == plots.FOLDER:
        return file.endswith(".png")
    return name in _PAPERS or (config in release.promised and _SHARD.fullmatch(file) is not None)


def _records(release: Opened) -> list[tuple[str, Struct]]:
    """The files that are read as records, which would pass over whatever else stands in them."""
    return [(manifest.MANIFEST, release.manifest), (card.GIVEN, card.given(release.folder))]


def _holds(release: Opened, name: str, meant: Struct) -> bool:
    """Whether a file holds the record and no more."""
    found: Any = msgspec.json.decode((release.folder / name).read_bytes())
    return bool(found == msgspec.json.decode(msgspec.json.encode(meant)))


def columns(release: Opened) -> Iterator[str]:
    """Names, types and labels' integers of every file and of README.md are those that the codebook gives."""
    if strange := release.configs.keys() ^ release.infos.keys():
        yield f"only one of the folders and README.md has: {', '.join(sorted(strange))}"
    for config in sorted(release.configs.keys() & release.infos.keys()):
        if config not in release.promised:
            yield f"config {config} is not asked for by {release.book.ref}"
            continue
        yield from _differences(f"README.md, config {config}", release.infos[config].features, release.promised[config])
        for path in (path for paths in release.configs[config].values() for path in paths):
            where, schema = path.relative_to(release.folder).as_posix(), pq.read_schema(path)
            yield from _differences(where, Features.from_arrow_schema(schema), release.promised[config])
            if (notes := set(pq.read_metadata(path).metadata or ())) - _NOTES:
                yield f"{where}: holds {len(notes - _NOTES)} notes that no column needs"


def _differences(where: str, got: Features, promised: Features) -> Iterator[str]:
    for name in dict.fromkeys([*promised, *got]):
        if got.get(name) != promised.get(name):
            yield f"{where}: column {name!r} is {got.get(name, 'not there')}; it should be {promised.get(name, 'not there')}"


def rows(release: Opened) -> Iterator[str]:
    """Each split has the rows that the manifest and README.md say, in shards numbered without a gap."""
    counted = {
        config: {split: sum(pq.read_metadata(path).num_rows for path in paths) for split, paths in splits.items()}
        for config, splits in release.configs.items()
    }
    told = {
        manifest.MANIFEST: {c: {name: split.rows for name, split in s.items()} for c, s in release.manifest.configs.items()},
        manifest.README: {c: {s.name: s.num_examples for s in i.splits.values()} for c, i in release.infos.items()},
    }
    for where, said in told.items():
        for config in sorted(counted.keys() | said.keys()):
            if counted.get(config) != said.get(config):
                yield f"config {config} has rows {counted.get(config)}; {where} says {said.get(config)}"
    for paths in (paths for splits in release.configs.values() for paths in splits.values()):
        numbers = [path.stem.split("-", 1)[1] for path in paths]
        if numbers != [f"{number:05d}-of-{len(paths):05d}" for number in range(len(paths))]:
            yield f"{paths[0].parent.name} has the shards {', '.join(path.name for path in paths)}"


def content(release: Opened) -> Iterator[str]:
    """The rows themselves have the SHA-256 of the manifest, whatever wrote the files."""
    for config in release.configs:
        digests = {split: RowsDigest() for split in release.configs[config]}
        for split, group in release.groups(config):
            digests[split].update(group)
        for split, digest in digests.items():
            promised = release.manifest.configs.get(config, {}).get(split)
            if promised is None or promised.sha256 != digest.hexdigest():
                said = promised.sha256 if promised else "nothing of it"
                yield f"the rows of {config}/{split} have SHA-256 {digest.hexdigest()}; the manifest says {said}"


def loads(release: Opened) -> Iterator[str]:
    """`load_dataset` opens every config, whole and streaming, offline, in a process that knows nothing of Warraq."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, **OFFLINE, "HF_HOME": cache}
        command = [sys.executable, "-I", stranger.__file__, str(release.folder.resolve()), cache]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"load_dataset fails: {(done.stderr.strip().splitlines() or ['it was killed'])[-1]}"
        return
    found = json.loads(done.stdout)
    if strange := found.keys() ^ release.manifest.configs.keys():
        yield f"load_dataset and the manifest do not have the same configs: {', '.join(sorted(strange))}"
    for config, splits in release.manifest.configs.items():
        names = list(release.promised[config])
        meant = {split: [meant.rows, names] for split, meant in splits.items()}
        for way, got in found.get(config, {}).items():
            if got != meant:
                yield f"load_dataset of {config}, {way}: {_told(got, meant)}"


def _told(got: object, meant: dict[str, list[object]]) -> str:
    if not isinstance(got, dict):
        return " ".join(str(got).split())[:300]
    return f"got rows and columns {got}; should be {meant}"
