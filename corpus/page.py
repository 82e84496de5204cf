"""The HTML reports' shared page: one look, light and dark, that needs no network, no script and no second file.

A report's template says `{% extends "page.html" %}` and fills the blocks title, style and main; the macros `both` (a name in
two languages) and `track` (a value and its interval from 0 to 1) are in `page_macros.html`. Every text is escaped.
"""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def render(template: Path, **values: Any) -> str:
    """The HTML page that a template makes of values; a name that it does not get is an error.

    Filters: `number` (three decimals, or "undefined"), `interval` ("low to high", or "no interval").
    """
    pages = Environment(
        loader=FileSystemLoader([template.parent, Path(__file__).parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["number"] = lambda value: "undefined" if value is None else f"{value:.3f}"
    pages.filters["interval"] = lambda value: "no interval" if value is None else f"{value[0]:.3f} to {value[1]:.3f}"
    return pages.get_template(template.name).render(**values)
