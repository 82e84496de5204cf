"""The settings of labeling in warraq.toml, changed by a command; the rest of the file stays as a person wrote it."""

import msgspec
import tomlkit

from corpus import store
from corpus.errors import CorpusError
from corpus.workspace import CONFIG, LabelStudio, Workspace


def change(workspace: Workspace, **wanted: str | float | None) -> Workspace:
    """Write settings of `[label_studio]` and return the corpus with them.

    Args:
        workspace: the corpus folder.
        wanted: by the name in warraq.toml; None, and what stands there already, changes nothing.

    Raises:
        CorpusError: a value that the setting does not take.
    """
    now = msgspec.structs.asdict(workspace.config.label_studio)
    new = {name: value for name, value in wanted.items() if value is not None and value != now[name]}
    if not new:
        return workspace
    path = workspace.root / CONFIG
    try:
        msgspec.convert(now | new, LabelStudio)
    except msgspec.ValidationError as error:
        raise CorpusError(f"[label_studio] of {path} does not take that: {error}", "give another value") from None
    document = tomlkit.parse(path.read_bytes().decode())
    table = document.setdefault("label_studio", tomlkit.table())
    for name, value in new.items():
        table[name] = value
    store.write_bytes(path, tomlkit.dumps(document).encode())
    return Workspace(workspace.root)
