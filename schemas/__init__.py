"""The contracts that ship with Warraq, opened by name: codebooks/*.yaml, topics/*.json and the records' *.schema.json."""

from pathlib import Path

ROOT = Path(__file__).parent


def codebook_path(name: str) -> Path:
    """The path of a shipped codebook, such as `news-stance`; it may not exist."""
    return ROOT / "codebooks" / f"{name}.yaml"


def codebook_names() -> list[str]:
    """The names of the shipped codebooks, sorted."""
    return sorted(path.stem for path in (ROOT / "codebooks").glob("*.yaml"))


def topics_path(name: str) -> Path:
    """The path of a shipped list of topics, such as `iptc-media-topics`; it may not exist."""
    return ROOT / "topics" / f"{name}.json"


def topic_lists() -> list[Path]:
    """The paths of the shipped lists of topics, sorted."""
    return sorted((ROOT / "topics").glob("*.json"))


def schema_path(record: str) -> Path:
    """The path of a record's JSON Schema, such as `article`."""
    return ROOT / f"{record}.schema.json"
