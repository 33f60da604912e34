"""A draft filled from what is known: the identity number, and registers where the person agreed.

What was filled so is marked (`Item.source` = 'filled:' and where from) until somebody changes it;
it is a claim like any other, and registers are asked again after filing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.facts.identity import read_identity
from jifen.facts.situation import examine_facts
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.drafts import FieldInput, write_item
from jifen.office.casework.actions.registers import POLICE
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event
from jifen.office.casework.case_policy import IDENTITY, process_of, rules_of
from jifen.office.casework.consent import NO_CONSENT, has_consent
from jifen.office.casework.form_values import to_form_value
from jifen.office.casework.models import FILLED, Application
from jifen.office.registry.registers import RegisterAnswer, RegisterDown, find_register

FROM_NUMBER = f"{FILLED}{IDENTITY}"
SPELLS = "contributions"


@dataclass(frozen=True, slots=True)
class PrefillResult:
    """The facts that were filled in, and the registers that do not answer now."""

    facts: tuple[str, ...]
    silent_registers: tuple[str, ...]


def fill_from_number(case: CaseAccess) -> tuple[str, ...]:
    """Fill in what the identity number says: the date of birth. Which facts were filled in."""
    application = case.application
    vocabulary, number = rules_of(application).vocabulary, application.person.identity
    derivations = [(fact_id, vocabulary[fact_id].derive) for fact_id in vocabulary.ids]
    born_ids = [
        fact_id
        for fact_id, derivation in derivations
        if derivation and (derivation.source, derivation.measure) == (IDENTITY, "birth_date")
    ]
    if not number or not born_ids:
        return ()
    known = dict.fromkeys(born_ids, read_identity(number).birth_date.isoformat())
    with act_on_case(case, "edit") as locked:
        return _fill_empty_facts(locked, case, known, FROM_NUMBER, None)


def fill_from_registers(case: CaseAccess) -> PrefillResult:
    """Ask the registers of the process and fill in what is still empty. The police register is not
    asked: its department finds such facts at its own gate. Raises NO_CONSENT, NotAllowed."""
    case.refuse_unless("edit")
    application = case.application
    if application.submitted_at is not None or not has_consent(application):
        raise NO_CONSENT
    answers, silent = _ask_registers(application)
    filled: list[str] = []
    with act_on_case(case, "edit") as locked:
        for name, answer in answers.items():
            known = _select_usable_facts(locked, answer.facts)
            source = f"{FILLED}{name}"
            filled += _fill_empty_facts(locked, case, known, source, answer.as_of)
        details = {"facts": filled, "registers": sorted(answers), "silent": silent}
        record_event(locked, "prefilled", case, details=details)
    return PrefillResult(tuple(filled), tuple(silent))


def _ask_registers(application: Application) -> tuple[dict[str, RegisterAnswer], list[str]]:
    """What each register holds of the person, and which do not answer."""
    answers, silent = {}, []
    for name in process_of(application).registers:
        if name == POLICE:
            continue
        try:
            answer = find_register(name).ask(name, application.city, application.person)
        except RegisterDown:
            silent.append(name)
            continue
        if answer is not None:
            answers[name] = answer
    return answers, silent


def _select_usable_facts(application: Application, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts that the rules know and can read, and that are not for the police to say."""
    rules = rules_of(application)
    of_police = process_of(application).registers.get(POLICE, ())
    return {
        fact: value
        for fact, value in facts.items()
        if fact in rules.vocabulary
        and fact != IDENTITY
        and fact not in of_police
        and not examine_facts(rules, {fact: value}, application.on)[1]
    }


def _fill_empty_facts(
    application: Application,
    case: CaseAccess,
    known: Mapping[str, Any],
    source: str,
    as_of: date | None,
) -> tuple[str, ...]:
    items = {item.fact: item for item in application.items.all()}
    empty = [fact for fact in known if fact not in items or items[fact].typed is None]
    for fact in empty:
        field = FieldInput(_to_typed(fact, known[fact]), [known[fact]])
        item = write_item(application, items.get(fact), fact, field, case.user)
        item.source, item.source_as_of = source, as_of
        item.save(update_fields=("source", "source_as_of"))
    return tuple(empty)


def _to_typed(fact: str, value: Any) -> Any:
    """As the form holds it."""
    if fact == SPELLS and isinstance(value, list):
        return {"by_spells": True, "spells": [_to_spell(spell) for spell in value]}
    return to_form_value(value)


def _to_spell(spell: Mapping[str, Any]) -> dict[str, str]:
    """A row of the form, as the form posts it back."""
    row = {key: str(spell.get(key) or "") for key in _ROW_KEYS}
    schemes = spell.get("schemes") or ("pension", "medical")
    return row | {"schemes": schemes if isinstance(schemes, str) else "+".join(schemes)}


_ROW_KEYS = ("from", "to", "base", "status", "schemes", "employer", "amount_is")
