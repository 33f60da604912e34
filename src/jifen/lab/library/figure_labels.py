"""What the figures of a sweep are called, where only their paths into the policy are given."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from jifen.lab.library.changes import apply_change
from jifen.lab.words import say
from jifen.policy.diff import rules_changes
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact


def label_figures(policy: Policy, on: date, vary: Mapping[str, Sequence[Any]]) -> dict[str, Text]:
    """By path: the part of the measure that the difference of two measures names, with the answer
    whose points change; the path itself where no one part is changed. No two are called alike."""
    labels = {path: _label_figure(policy, on, path, values) for path, values in vary.items()}
    counts = Counter((label.zh, label.en) for label in labels.values())
    return {
        path: label
        if counts[label.zh, label.en] == 1
        else say("library.figure_labels.with_path", label=label, path=path)
        for path, label in labels.items()
    }


def _label_figure(policy: Policy, on: date, path: str, values: Sequence[Any]) -> Text:
    before = policy.rules_on(on)
    for value in values:
        try:
            changes = rules_changes(before, apply_change(policy, {path: value}).rules_on(on))
        except PolicyError:  # told where the sweep itself is read
            break
        if len(changes) == 1:
            label, answer = changes[0].label, _find_answer(policy, path)
            if answer is None:
                return label
            return say("library.figure_labels.of_answer", label=label, answer=answer)
        if changes:
            break
    return Text(path, path)


def _find_answer(policy: Policy, path: str) -> Text | None:
    """The answer that a path ends with: the points of one of a choice."""
    last = path.rpartition(".")[2]
    facts: Iterable[Fact] = policy.vocabulary
    options = (option for fact in facts for option in fact.options)
    return next((option.label for option in options if option.id == last), None)
