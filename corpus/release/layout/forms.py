"""The forms of a release: with its texts, without them, or with texts put back from a holder's copies.

`full` is what `features` describes. `withheld` has no title, text, post or marked passage: lengths and hashes stand in their
place (see `withheld`). `rehydrated` is full again, but not every text is the one that was judged: each row says what its
text is. A masked release has its personal data struck out (see `masking`).
"""

from typing import Any, Literal

from datasets import Features, List

from corpus.release.layout.features import BLOCK, INTEGER, REAL, TEXT

Form = Literal["full", "withheld", "rehydrated"]

SPAN_HASHED = {"question": TEXT, "start": INTEGER, "end": INTEGER, "folded_length": INTEGER, "hash": TEXT}
EMBED_HASHED = {"kind": TEXT, "author": TEXT, "published": TEXT, "url": TEXT, "at": INTEGER, "hash": TEXT}
ARCHIVE = {"format": TEXT, "file": TEXT, "record": INTEGER, "sha256": TEXT}
LENGTHS = {"words": INTEGER, "length": INTEGER}
OF_TEXT = {"folded_sha256": TEXT, "fingerprint": TEXT, "title_hash": TEXT, "archive": ARCHIVE, "blocks": List(BLOCK)}
STATED = {"text_status": TEXT, "text_score": REAL}


def of(full: dict[str, Features], text: Form, masked: bool) -> dict[str, Features]:
    """The features of each config in a form, from those of the full release."""
    made = {"full": _same, "withheld": _withheld, "rehydrated": _rehydrated}[text]
    configs = {name: made(name, features) for name, features in full.items()}
    if masked:
        configs["articles"] = Features({**configs["articles"], "masked": INTEGER})
    return configs


def _same(_: str, features: Features) -> Features:
    return features


def _withheld(config: str, features: Features) -> Features:
    columns: dict[str, Any] = {}
    for name, feature in features.items():
        if name == "text":
            columns |= LENGTHS | (OF_TEXT if config == "articles" else {})
        elif name == "spans":
            columns[name] = List(SPAN_HASHED)
        elif name == "evidence":
            columns[name] = List({"annotator": TEXT, **SPAN_HASHED})
        elif name == "embeds":
            columns[name] = List(EMBED_HASHED)
        elif name != "title":
            columns.setdefault(name, feature)
    return Features(columns)


def _rehydrated(config: str, features: Features) -> Features:
    return features if config == "items" else Features({**features, **STATED})
