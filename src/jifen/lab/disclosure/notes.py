"""What stands beside figures of real people."""

from jifen.lab.population.people import People
from jifen.lab.words import say
from jifen.policy.text import Text

_HIDDEN = say("disclosure.notes.hidden")
_EXACT = say("disclosure.notes.exact")


def describe_protection(people: People) -> Text | None:
    """What is hidden of these people; None of synthetic ones."""
    if people.synthetic:
        return None
    return _EXACT if people.exact else _HIDDEN


def mark_protection(people: People) -> dict[str, object]:
    """For a program: whether people are synthetic; of real ones, whether small counts are hidden
    (null) or shown."""
    if people.synthetic:
        return {"synthetic": True}
    return {"synthetic": False, "small_counts": "shown" if people.exact else "hidden"}
