"""The templates of the book: words in two languages, everything escaped, nothing undefined."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from jifen.policy.certainty import LEGEND, marked_clause
from jifen.policy.diff.statements import KINDS
from jifen.policy.mechanisms.words import points_text
from jifen.policy.model import Basis
from jifen.policy.text import EMPTY, Lang, Text

CONFIDENCE = {
    "certain": Text("确定", "certain"),
    "likely": Text("较可能", "likely"),
    "unsure": Text("不确定", "unsure"),
}
CHANGES = {
    "added": Text("新增", "added"),
    "removed": Text("取消", "removed"),
    "changed": Text("修改", "changed"),
}


@cache
def environment() -> Environment:
    """The templates beside this file, read once."""
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        confidence=CONFIDENCE,
        changes=CHANGES,
        kinds=KINDS,
        clause=clause,
        legend=LEGEND,
        points=points_text,
        EMPTY=EMPTY,
    )
    return made


def render(template: str, lang: Lang, **parts: Any) -> Markup:
    """A template in one language; in it `_('中文', 'English')` picks the words."""

    def pick(zh: str, en: str) -> str:
        return en if lang == "en" else zh

    html = environment().get_template(template).render(lang=lang, _=pick, **parts)
    return Markup(html)


def clause(basis: Basis) -> Text:
    """The clause in words, with a mark where its number is not certain or not known."""
    return Text(marked_clause(basis, "zh"), marked_clause(basis, "en"))
