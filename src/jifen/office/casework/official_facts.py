"""Facts that only an official record may say: whether somebody has a record is not for the employer
to type. It never has to ask, and what it types would stand beside what the police say."""

from collections.abc import Mapping
from typing import TypeVar

from django.conf import settings

from jifen.office.casework.case_policy import label_item, process_of
from jifen.office.casework.faults import CaseFault, SeveralFaults
from jifen.office.casework.models import Application
from jifen.office.casework.words import say

POLICE = "police"
Field = TypeVar("Field")


def list_official_facts(application: Application) -> frozenset[str]:
    """What the employer (or its agency) is not asked: the facts of the police register, where the
    city configured one (JIFEN_REGISTERS). Nothing where the person files, whose own answers count.
    """
    if application.unit_id is None or POLICE not in settings.JIFEN_REGISTERS:
        return frozenset()
    return frozenset(process_of(application).registers.get(POLICE, ()))


def refuse_official_facts(application: Application, typed: Mapping[str, object]) -> None:
    """`typed`: by fact, what somebody typed. Raises SeveralFaults for each that is not empty."""
    refused = [fact for fact in sorted(list_official_facts(application)) if typed.get(fact)]
    if refused:
        raise SeveralFaults(_make_fault(application, fact) for fact in refused)


def leave_out_official_facts(
    application: Application, fields: Mapping[str, Field]
) -> dict[str, Field]:
    """The fields without those facts, such as answers of somebody's own phone."""
    official = list_official_facts(application)
    return {fact: field for fact, field in fields.items() if fact not in official}


def _make_fault(application: Application, fact: str) -> CaseFault:
    label = label_item(application, "fact", fact)
    words = say("official_facts.is_answered_by_the_police", label=label)
    return CaseFault("JF-K109", words, fact)
