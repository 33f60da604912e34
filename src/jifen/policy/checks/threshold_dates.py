"""JF-C114: days of a version on which no line, or more than one, is in force."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from jifen.policy.catalogue import POLICY
from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.fault import Fault

_RULE = CheckRule("JF-C114", "error", "lines that do not cover the days of the version, each once")


def _check_threshold_dates(context: CheckContext) -> Iterator[Fault]:
    policy = context.policy
    lines = sorted(
        enumerate(context.rules.decision.thresholds),
        key=lambda numbered_line: numbered_line[1].since,
    )
    if not lines:
        return  # a measure that only ranks
    expected: date | None = policy.since
    for number, line in lines:
        if expected is None or line.since < expected:
            if number != lines[0][0]:
                yield _build_fault(context, number, "second_line", day=line.since)
        elif line.since > expected:
            last = line.since - timedelta(days=1)
            until = POLICY.format_phrase("until_day", day=last)
            yield _build_fault(context, number, "no_line", day=expected, until=until)
        expected = line.until + timedelta(days=1) if line.until else None
    last_day = policy.until
    if expected is not None and (last_day is None or expected <= last_day):
        until = (
            POLICY.format_phrase("until_day", day=last_day)
            if last_day
            else POLICY.format_phrase("onwards")
        )
        yield _build_fault(context, lines[-1][0], "no_line", day=expected, until=until)


def _build_fault(context: CheckContext, number: int, kind: str, **values: Any) -> Fault:
    return context.build_fault(_RULE, ("decision", "lines", number), kind, **values)


CHECK = RulesCheck(_RULE, _check_threshold_dates)
