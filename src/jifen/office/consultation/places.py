"""The parts of a measure that somebody can comment on: its articles, and the rows of their
tables."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from jifen.office.consultation.models import Consultation
from jifen.office.consultation.words import say
from jifen.office.workshop.measure import Measure
from jifen.office.workshop.revisions import measure_at
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_DRAFT = say("places.draft")
WHOLE = say("places.whole")
_LINE = say("places.line")


@dataclass(frozen=True, slots=True)
class CommentPlace:
    """A part of a measure: its key, such as `indicator:education` or, for the third row of its
    table, `indicator:education#3`, and what it is called."""

    key: str
    label: Text

    @property
    def article(self) -> str:
        """The key of the article that it is in."""
        return self.key.partition("#")[0]


def published_measure(row: Consultation) -> Measure:
    """The revision of a consultation as a measure."""
    return measure_at(row.draft, row.revision)


def published_policy(row: Consultation) -> Policy:
    """The rules of a consultation, named as a draft everywhere. Raises LookupError where the
    version that it starts from is gone."""
    policy = published_measure(row).policy
    if policy is None:
        raise LookupError(f"the rules of consultation {row.pk}")
    return replace(policy, title=_mark_as_draft(policy.title), _rules={})


def name_draft(rules: Rules) -> Text:
    """The measure and the purpose whose points are counted, named as a draft."""
    return _mark_as_draft(rules.title)


def _mark_as_draft(title: Text) -> Text:
    return Text(f"{title.zh}{_DRAFT.zh}", f"{title.en}{_DRAFT.en}")


def list_places(policy: Policy, on: date) -> list[CommentPlace]:
    """Every part, in the order of the measure; the first is the whole."""
    rules = policy.rules_on(on)
    return [CommentPlace("", WHOLE), CommentPlace("decision", _LINE), *_list_articles(rules)]


def _list_articles(rules: Rules) -> Iterable[CommentPlace]:
    for requirement in rules.requirements:
        yield CommentPlace(f"condition:{requirement.id}", requirement.label)
    for indicator in rules.indicators:
        key = f"indicator:{indicator.id}"
        yield CommentPlace(key, indicator.label)
        for number, row in enumerate(indicator.mechanism.list_rows(rules.vocabulary), 1):
            yield CommentPlace(
                f"{key}#{number}",
                say("places.articles", indicator_label=indicator.label, when=row.when),
            )
