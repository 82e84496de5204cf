"""Finding or making a project by its title, so that two who make it at the same time end with one."""

from typing import Any

from msgspec import Struct

from corpus.labeling import guidelines, interface
from corpus.labeling.sync.faults import PassingError
from corpus.labeling.sync.server import SETTINGS, Server
from corpus.workspace import Workspace

TITLE_CHARACTERS = 50  # Label Studio's limit
NEW = {"show_instruction": True, "enable_empty_annotation": False}
"""What a new project is given besides its SETTINGS: the guidelines are shown, an answer is required."""
SAMPLING = {
    "given": "Sequential sampling",
    "diverse": "Sequential sampling",  # of tasks that were sent in that order
    "random": "Uniform sampling",
    "uncertain": "Uncertainty sampling",
}
"""Label Studio's names for the order in which people are given items."""


class Project(Struct, frozen=True):
    """A project on a server, whether it was made just now, and the version of its latest pre-annotations, if any."""

    id: int
    created: bool
    model_version: str | None = None


def project_title(workspace: Workspace, suffix: str = "") -> str:
    """The project's title: from warraq.toml, or the corpus's name and codebook; one project a codebook version.

    `suffix` ends the title of a second project of the corpus. Without white space at its ends, because Label Studio takes it
    off and the project would not be found again.
    """
    if given := workspace.config.label_studio.project.strip():
        return given[: TITLE_CHARACTERS - len(suffix)].strip() + suffix if suffix else given
    ref = workspace.codebook().ref
    return f"{workspace.config.name[: TITLE_CHARACTERS - len(ref) - 3 - len(suffix)]} · {ref}{suffix}".strip()


def settings_of(workspace: Workspace) -> dict[str, Any]:
    """The SETTINGS that a corpus's codebook and warraq.toml ask for."""
    book, language = workspace.codebook(), workspace.config.language
    return {
        "label_config": interface.config(book, language),
        "expert_instruction": guidelines.html(book, language),
        "maximum_annotations": workspace.config.label_studio.annotators_per_item,
        "overlap_cohort_percentage": round(100 * workspace.config.label_studio.overlap_share),
        "show_collab_predictions": workspace.config.label_studio.show_predictions,
        "sampling": SAMPLING[workspace.config.label_studio.order],
    }


def ensure(server: Server, title: str, description: str, settings: dict[str, Any]) -> Project:
    """The project of this title, its SETTINGS brought up to date; made if there is none.

    Raises:
        ServiceError: the server could not be reached or refused.
    """
    found = server.find_project(title)
    if found is None:
        return _made(server, title, description, settings)
    if changed := {name: settings[name] for name in SETTINGS if getattr(found, name) != settings[name]}:
        server.update_project(found.id, **changed)
    return Project(found.id, False, found.model_version or None)


def _made(server: Server, title: str, description: str, settings: dict[str, Any]) -> Project:
    """A new project. If others were made at the same moment the oldest is taken, and the others, still empty, are deleted.

    Two machines can make it at once, and Label Studio itself repeats a call that found SQLite's file locked.
    """
    try:
        own = server.create_project(title=title, description=description, **NEW, **settings).id
    except PassingError:  # made or not, its answer was lost: the look below says which
        own = None
    found = server.find_projects(title)
    if not found:
        raise PassingError(
            f"Label Studio at {server.url} made no project",
            "run the command again: what is done already is not done twice",
        )
    first, *others = found
    for other in others:
        if other.task_number == 0:
            server.delete_project(other.id)
    return Project(first.id, own in (None, first.id))
