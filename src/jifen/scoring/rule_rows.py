"""The rule of an indicator row by row, and the row that decides for somebody."""

from dataclasses import dataclass

from jifen.policy.derived_mechanism import FromDerived
from jifen.policy.mechanisms.phrases import join_rows
from jifen.policy.model import Indicator, Rules
from jifen.policy.text import Lang
from jifen.scoring.result import LineResult, describe_rule

_JOINTS = "；; "


@dataclass(frozen=True, slots=True)
class RuleRows:
    """A rule taken apart: what is said before its rows, the rows, and what is said behind them.
    Without rows (a single one is none) the whole rule is the lead."""

    lead: str
    rows: tuple[str, ...]
    end: str


def split_rule(rules: Rules, indicator: Indicator, lang: Lang) -> RuleRows:
    """The words of `describe_rule`, row by row where the rule is a table of several."""
    whole = describe_rule(rules, indicator, lang)
    mechanism = indicator.mechanism
    table = mechanism.inner if isinstance(mechanism, FromDerived) else mechanism
    pairs = [(row.when(lang), row.gives(lang)) for row in table.list_rows(rules.vocabulary)]
    lead, joined, end = whole.partition(join_rows(pairs, lang))
    if not joined or len(pairs) < 2:
        return RuleRows(whole, (), "")
    return RuleRows(
        lead.strip(), tuple(join_rows([pair], lang) for pair in pairs), end.strip(_JOINTS)
    )


def find_own_row(line: LineResult) -> int | None:
    """Which row of its rule decides a line: None where facts are missing, where the indicator's own
    condition does not hold, or where not one row alone decides."""
    mechanism = line.indicator.mechanism
    if line.is_gated_out or any(fact not in line.known for fact in mechanism.list_facts()):
        return None
    return mechanism.find_row(line.known)
