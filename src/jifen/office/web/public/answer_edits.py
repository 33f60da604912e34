"""What the buttons of the form do to the answers: rows, ways of entry, 'none of these'."""

from collections.abc import Callable
from datetime import date

from jifen.facts.form import find_negative_answer, list_asked_facts
from jifen.facts.insurance import SALARY, Employment, read_paste
from jifen.office.web.numbers import whole_number
from jifen.office.web.public.answers import ROW_KEYS, SOME, Answers, Spell
from jifen.policy.model import Rules
from jifen.policy.months import format_month
from jifen.policy.vocabulary import DATES_MOST


def act(answers: Answers, wanted: str, rules: Rules, on: date) -> None:
    """Change the answers as a button says; an unknown act changes nothing. `on`: the day of the
    assessment, which a pasted table calls "now"."""
    name, _, argument = wanted.partition(":")
    if name == "paste":
        take_paste(answers, on)
    if done := _ACTS.get(name):
        done(answers, argument, rules)


def take_paste(answers: Answers, on: date) -> None:
    """The records of a pasted table behind those that stand there. Where a line has a fault nothing
    is taken, and the text stays to be corrected."""
    read = read_paste(answers.pasted, on)
    answers.paste_faults = tuple(read.faults)
    if read.faults or not read.employments:
        return
    answers.by_spells = True
    answers.spells = [spell for _, spell in answers.begun_spells()]
    answers.spells += [_row_of(employment) for employment in read.employments]
    answers.pasted = ""


def _row_of(employment: Employment) -> Spell:
    amount = employment.salary if employment.base is None else employment.base
    return {
        "from": format_month(employment.since),
        "to": format_month(employment.until),
        "base": "" if amount is None else f"{amount:f}",
        "status": employment.status,
        "schemes": "+".join(employment.schemes),
        "employer": employment.employer,
        "amount_is": SALARY if employment.base is None and amount is not None else "",
    }


def blank_spell() -> Spell:
    """An empty row: paid, both schemes."""
    return dict.fromkeys(ROW_KEYS, "") | {"status": "paid", "schemes": "pension+medical"}


def _add_spell(answers: Answers, argument: str, rules: Rules) -> None:
    del argument, rules
    answers.by_spells = True
    answers.spells.append(blank_spell())


def _drop_spell(answers: Answers, argument: str, rules: Rules) -> None:
    del rules
    number = whole_number(argument)
    if number is not None and number < len(answers.spells):
        del answers.spells[number]
    if not answers.spells:
        answers.spells.append(blank_spell())


def _enter_by(answers: Answers, argument: str, rules: Rules) -> None:
    del rules
    answers.by_spells = argument == "spells"
    if answers.by_spells and not answers.spells:
        answers.spells.append(blank_spell())


def _add_row(answers: Answers, argument: str, rules: Rules) -> None:
    fact = rules.vocabulary.get(argument)
    if fact is not None and fact.type == "dates":
        answers.values[argument] = SOME
        rows = answers.rows.setdefault(argument, [""])
        if len(rows) < DATES_MOST:
            rows.append("")


def _none(answers: Answers, argument: str, rules: Rules) -> None:
    for ident in list_asked_facts(rules):
        fact = rules.vocabulary[ident]
        if fact.section == argument and not answers.values.get(ident, "").strip():
            answers.values[ident] = find_negative_answer(rules, ident)


_ACTS: dict[str, Callable[[Answers, str, Rules], None]] = {
    "spell": _add_spell,
    "drop": _drop_spell,
    "by": _enter_by,
    "row": _add_row,
    "none": _none,
}
