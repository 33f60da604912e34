"""A version as tables in a terminal: at most 100 columns wide, and as wide when it is piped."""

from datetime import date

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from jifen.policy.book.plain import BookSection, list_header_facts, list_sections
from jifen.policy.certainty import LEGEND
from jifen.policy.policy import Policy
from jifen.policy.text import Lang
from jifen.policy.words import say

_WIDTH = 100
_COLUMN_NAMES = (
    say("book.terminal.item"),
    say("book.terminal.rule"),
    say("book.terminal.clause"),
    say("book.terminal.confidence"),
)
_COLUMN_SHARES = (5, 11, 4, 3)


def print_table(policy: Policy, on: date, lang: Lang) -> None:
    """Print a version as it counts on a day."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal or console.width > _WIDTH:
        console = Console(width=_WIDTH, highlight=False, markup=False)
    console.print(policy.title(lang), style="bold")
    head = Table(box=None, show_header=False, pad_edge=False)
    for name, value in list_header_facts(policy, on, lang):
        head.add_row(name, value)
    console.print(head)
    console.print(LEGEND(lang))
    for section in list_sections(policy, on, lang):
        if section.lines:
            console.print(_build_table(section, lang))


def _build_table(section: BookSection, lang: Lang) -> Table:
    table = Table(box=SIMPLE_HEAD, title=section.title, title_justify="left", expand=True)
    for name, share in zip((name(lang) for name in _COLUMN_NAMES), _COLUMN_SHARES, strict=True):
        table.add_column(name, ratio=share, overflow="fold")
    for line in section.lines:
        table.add_row(line.label, line.rule, line.clause, line.confidence)
    return table
