"""Opens a release with `datasets.load_dataset` and nothing of ours: run as a program of its own, offline.

`python stranger.py RELEASE CACHE` prints, for each config, whole and streamed, the rows and columns of each split; or what
`datasets` said where it refused.
"""

import json
import os
import sys
from typing import Any

from datasets import get_dataset_config_names, load_dataset
from datasets.exceptions import DatasetsError


def opened(release: str, config: str, cache: str, streaming: bool) -> dict[str, Any] | str:
    """Rows and columns of each split, every row read; or the error."""
    try:
        splits = load_dataset(release, config, cache_dir=cache, streaming=streaming)
        return {
            split: [sum(1 for _ in rows) if streaming else len(rows), list(rows.features)] for split, rows in splits.items()
        }
    except (OSError, LookupError, TypeError, ValueError, DatasetsError) as error:
        cause = error.__cause__ or error
        return f"{type(cause).__name__}: {cause}"


def main(release: str, cache: str) -> None:
    """Open every config both ways, and print what was found as JSON."""
    ways = {"whole": False, "streaming": True}
    configs = get_dataset_config_names(release)
    found = {config: {way: opened(release, config, cache, streaming) for way, streaming in ways.items()} for config in configs}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # now and then Arrow aborts while Python takes itself down (apache/arrow#34314, #45214)
