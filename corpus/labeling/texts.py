"""The texts as they are now: what an item, a control or a task is compared with. Reads articles.jsonl."""

from msgspec import Struct

from corpus import store
from corpus.workspace import Workspace


class ArticleVersion(Struct, frozen=True):
    """What must be known of every article; the rest of the line is passed over."""

    id: str
    sha256: str


def texts_of(workspace: Workspace) -> dict[str, str]:
    """Article id → SHA-256 of its text."""
    return {article.id: article.sha256 for article in store.read(workspace.articles, ArticleVersion)}
