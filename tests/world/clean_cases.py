"""Cases to which a clerk has nothing to add: registers agree, documents are there, and the police
have looked."""

from typing import Any

from jifen.office.casework.access import access_case
from jifen.office.casework.actions.drafts import give_consent, open_draft, save_draft
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.actions.registers import ask_due_registers
from jifen.office.casework.actions.review import FactFinding, record_findings
from jifen.office.casework.actions.submission import submit_case
from jifen.office.casework.models import Application
from jifen.office.registry.models import Person, RegisterEntry
from tests.world.office import GOOD, Office, person, today, typed, user

KNOWN = {
    "insurance": (
        *("insured_months", "insured_months_last_12", "base_1x_months_last_12"),
        *("base_08x_months_last_48", "base_1x_months_last_48", "base_2x_months_last_48"),
        *("base_3x_months_last_36", "employed_and_insured"),
    ),
    "household": ("birth_date", "permit_valid", "spouse_local_months"),
    "tax": ("average_annual_tax",),
    "education": ("education", "study_mode"),
    "police": ("false_material_dates", "family_planning_breach"),
}
"""What registers say of somebody, exactly as it was claimed."""


def _fill_registers(somebody: Person) -> None:
    for name, facts in KNOWN.items():
        known: dict[str, Any] = {fact: GOOD[fact] for fact in facts}
        key = somebody.identity_index
        RegisterEntry.objects.create(
            register=name, city="shanghai", key_index=key, facts=known, as_of=today()
        )


def _pass_the_police(office: Office, application: Application) -> None:
    ask_due_registers()
    case = access_case(office.police, application.key, "find")
    open_facts = list_open_facts(case.application, "police")
    record_findings(case, [FactFinding(fact, "confirmed") for fact in open_facts])


def submit_clean_case(office: Office) -> Application:
    """The case of the one person of the office."""
    _fill_registers(office.person)
    application = office.submitted()
    _pass_the_police(office, application)
    return application


def prepare_clean_cases(office: Office, count: int) -> list[Application]:
    """So many clean cases of so many people."""
    cases = [submit_clean_case(office)]
    for number in range(2, count + 1):
        account = user(f"person{number}")
        somebody = person(number, f"王{number}", user=account)
        _fill_registers(somebody)
        draft = open_draft(
            office.operator, "shanghai", somebody, unit=office.unit, district="pudong"
        )
        save_draft(draft, typed(GOOD), seen=0)
        give_consent(access_case(account, draft.application.key))
        filled = office.with_documents(access_case(office.operator, draft.application.key))
        cases.append(submit_case(filled, f"prepared-{number}"))
        _pass_the_police(office, cases[-1])
    return cases
