"""What is refused of new indicators and facts of a draft, in words."""

from jifen.office.workshop.faults import StudioFault
from jifen.office.workshop.words import say


def no_name() -> StudioFault:
    """An indicator, fact or answer without a name in both languages."""
    return StudioFault(
        "JF-I038",
        say("element_faults.give_it_a_name"),
        "label",
    )


def no_such_kind() -> StudioFault:
    """A mechanism, group, section or type that is not among those offered."""
    return StudioFault(
        "JF-I039",
        say("element_faults.choose_the_mechanism_the_group"),
        "kind",
    )


def no_such_fact(fact: str) -> StudioFault:
    """A fact that there is not, or whose type does not suit the mechanism."""
    return StudioFault(
        "JF-I040",
        say("element_faults.no_such_fact", fact=fact or say("element_faults.empty")),
        "fact",
    )


def too_few_answers(fewest: int) -> StudioFault:
    """A choice with fewer answers than two."""
    return StudioFault(
        "JF-I041",
        say("element_faults.a_choice_needs_at_least", fewest=fewest),
        "answers",
    )


def is_used(fact: str, by: str) -> StudioFault:
    """A fact of the draft that an indicator still reads."""
    return StudioFault(
        "JF-I042",
        say("element_faults.the_indicator_still_reads", by=by, fact=fact),
    )


def cannot_be_taken_over(label: str) -> StudioFault:
    """An indicator of another measure that goes by records of several fields, or by a list or
    number that the draft has with another content."""
    return StudioFault(
        "JF-I043",
        say("element_faults.the_indicator_goes_by_records", label=label),
    )


def too_few_rows(fewest: int) -> StudioFault:
    """A sum with fewer parts than two, or tiers with fewer than two steps."""
    return StudioFault(
        "JF-I044",
        say("element_faults.fill_in_at_least_rows", fewest=fewest),
        "rows",
    )
