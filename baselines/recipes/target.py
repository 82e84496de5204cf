"""The recipe for stance towards a target: one linear model a target, or shared ones; a target not seen has the shared one.

What is chosen, and how: `text_selection`; what comes out: `text_model`. No file is read or written.
"""

from collections.abc import Sequence
from typing import Any

from baselines.examples import Example, Task
from baselines.recipes.linear import Setting
from baselines.recipes.search import Choices
from baselines.recipes.text_fit import fit_texts, refit_texts
from baselines.recipes.text_model import TextModel, from_state

__all__ = ["fit", "from_state", "refit"]

CHOICES = Choices(
    options=("fold", "elongation", "hashtags", "emoji"),
    settings=(Setting("ridge", 0.5), Setting("ridge", 0.25), Setting("ridge", 1.0), Setting("svm", 0.3)),
    titles=False,
    offsets=True,
)


def fit(task: Task, train: Sequence[Example], seed: int = 1) -> TextModel:
    """Fit the recipe; arguments and errors as of `text_fit.fit_texts`."""
    return fit_texts(task, train, CHOICES, seed)


def refit(task: Task, train: Sequence[Example], recipe: dict[str, Any], seed: int = 1) -> TextModel:
    """Fit with the choices of a fitted model; arguments and errors as of `text_fit.refit_texts`."""
    return refit_texts(task, train, CHOICES, recipe, seed)
