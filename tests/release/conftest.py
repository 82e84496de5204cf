"""A small corpus in a folder of the test's own, and `load_dataset` on its release, with no network."""

import os

# Before anything imports `datasets`, which reads them once.
os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"

import datasets
import msgspec
import pytest
from hub_releases import make
from tiny_corpus import CODEBOOK, TARGETS, records, write

from corpus import workspace


@pytest.fixture
def said():
    return records()


@pytest.fixture
def named(said):
    """The records with annotators named as `warraq pull` names them, and annotations changed after they were made."""
    return _named(said)


def _named(said):
    updated = "2025-01-02T06:04:06+03:00"
    said.annotations = [
        msgspec.structs.replace(a, annotator="a-" + a.annotator[1] * 10, updated=updated) for a in said.annotations
    ]
    return said


@pytest.fixture
def corpus(tmp_path, said):
    return _corpus(tmp_path / "tiny", said)


@pytest.fixture(scope="module")
def shared_corpus(tmp_path_factory):
    """The corpus of `named` records, for tests that leave it as it is."""
    return _corpus(tmp_path_factory.mktemp("shared") / "tiny", _named(records()))


def _corpus(root, said):
    workspace.create(root)
    (root / "book.yaml").write_text(CODEBOOK, "utf-8")
    (root / "targets.yaml").write_text(TARGETS, "utf-8")
    config = root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('codebook = "news-stance"', 'codebook = "book.yaml"'), "utf-8")
    (root / ".warraq" / "credentials.json").write_text('{"token": "s3cret"}')
    made = workspace.Workspace(root)
    write(made, said)
    return made


@pytest.fixture
def rewrite(corpus):
    """Write changed records into the corpus."""
    return lambda kept: write(corpus, kept)


@pytest.fixture
def next_version(corpus):
    """Raise the version in warraq.toml, and give the corpus as it is read then."""

    def raise_version():
        config = corpus.root / "warraq.toml"
        config.write_text(config.read_text("utf-8").replace('version = "0.1.0"', 'version = "0.2.0"'), "utf-8")
        return workspace.Workspace(corpus.root)

    return raise_version


@pytest.fixture
def load(corpus, tmp_path):
    """`datasets.load_dataset` on the release, with a cache of the test's own."""

    def load_config(config=None, **options):
        return datasets.load_dataset(str(corpus.release), config, cache_dir=str(tmp_path / "cache"), **options)

    return load_config


@pytest.fixture
def first(tmp_path):
    """A release to send."""
    return make(tmp_path / "first", "0.1.0", **{"stance/train.parquet": b"one", "tone/train.parquet": b"stale"})


@pytest.fixture
def second(tmp_path):
    """The next one: `codebook.json` is kept and a config is dropped."""
    return make(tmp_path / "second", "0.2.0", **{"stance/train.parquet": b"two", "topic/train.parquet": b"new"})
