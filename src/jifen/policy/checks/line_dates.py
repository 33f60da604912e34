"""JF-C114: days of a version on which no line, or more than one, is in force."""

from collections.abc import Iterator
from datetime import date, timedelta

from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.fault import Fault

_RULE = Rule("JF-C114", "error", "lines that do not cover the days of the version, each once")


def _run(scene: Scene) -> Iterator[Fault]:
    policy = scene.policy
    lines = sorted(enumerate(scene.rules.decision.lines), key=lambda one: one[1].since)
    if not lines:
        return  # a measure that only ranks
    expected: date | None = policy.since
    for number, line in lines:
        if expected is None or line.since < expected:
            if number != lines[0][0]:
                yield _fault(scene, number, f"a second line from {line.since}", "one line a day")
        elif line.since > expected:
            last = line.since - timedelta(days=1)
            yield _fault(scene, number, f"no line from {expected} to {last}", "a line every day")
        expected = line.until + timedelta(days=1) if line.until else None
    last_day = policy.until
    if expected is not None and (last_day is None or expected <= last_day):
        until = f"to {last_day}" if last_day else "on"
        yield _fault(scene, lines[-1][0], f"no line from {expected} {until}", "a line every day")


def _fault(scene: Scene, number: int, found: str, expected: str) -> Fault:
    return scene.fault(
        _RULE,
        ("decision", "lines", number),
        found,
        f"{expected} from 'in_force.from' to 'in_force.until'",
        "correct 'from' and 'until' of the lines; 'until: null' where the line is open",
    )


CHECK = RulesCheck(_RULE, _run)
