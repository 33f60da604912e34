"""The templates of the book: words in two languages, everything escaped, nothing undefined."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from jifen.policy.certainty import LEGEND, describe_basis_doubt
from jifen.policy.diff.statements import KIND_LABELS
from jifen.policy.mechanisms.phrases import format_points
from jifen.policy.model import Basis
from jifen.policy.text import EMPTY, Lang, Text
from jifen.policy.words import say

_RULE = say("book.environment.rule")
CHANGE_LABELS = {
    "added": say("book.environment.change_labels_added"),
    "removed": say("book.environment.change_labels_removed"),
    "changed": say("book.environment.change_labels_changed"),
}


@cache
def template_environment() -> Environment:
    """The templates beside this file, read once."""
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    templates = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        changes=CHANGE_LABELS,
        kinds=KIND_LABELS,
        clause=name_clause,
        doubt=describe_element_doubt,
        legend=LEGEND,
        points=format_points,
        EMPTY=EMPTY,
    )
    return templates


def render_template(template: str, lang: Lang, **parts: Any) -> Markup:
    """A template in one language; in it `_('中文', 'English')` picks the words."""

    def pick(zh: str, en: str) -> str:
        return en if lang == "en" else zh

    html = template_environment().get_template(template).render(lang=lang, _=pick, **parts)
    return Markup(html)


def name_clause(basis: Basis) -> Text:
    """The clause in words; empty where its number is not known."""
    if basis.clause is None:
        return EMPTY
    return Text(basis.clause.article("zh"), basis.clause.article("en"))


def describe_element_doubt(basis: Basis) -> Text:
    """What is not certain of a clause, a rule or its figures: behind the mark."""
    return describe_basis_doubt(basis, _RULE)
