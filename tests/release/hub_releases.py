"""Releases in form only, for tests of where they go: what sends them does not look into their files."""

from pathlib import Path

from corpus import store
from corpus.release.layout import manifest
from corpus.workspace import Licence


def make(folder: Path, version: str, licence: str = "CC-BY-4.0", **files: bytes) -> Path:
    """Write a release of these files, a README.md that differs by version, and a codebook that does not."""
    files = {"README.md": b"---\nlicense: other\n---\n" + version.encode(), "codebook.json": b"{}", **files}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    corpus = manifest.About("sidrania", version, "ar", Licence("CC-BY-4.0", licence))
    named = {name: manifest.of_file(folder / name) for name in manifest.names(folder)}
    store.write_json(folder / manifest.MANIFEST, manifest.Manifest(corpus, "tiny@1.0.0", {}, {}, {}, named))
    return folder


def content(release: Path) -> dict[str, bytes]:
    """Every file of a release."""
    return {name: (release / name).read_bytes() for name in [*manifest.names(release), manifest.MANIFEST]}
