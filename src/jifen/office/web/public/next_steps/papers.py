"""The papers to bring for these answers, each with why: from the process of the city."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jifen.office.web.public.panel import Badge, badge
from jifen.office.web.public.self_assessment import Work
from jifen.policy.certainty import NUMBER_TO_CHECK
from jifen.policy.model import Basis
from jifen.policy.text import Lang, Text
from jifen.process import (
    NoProcess,
    Process,
    RequiredMaterial,
    find_process,
    list_required_materials,
)
from jifen.process.materials import reasons_of
from jifen.process.model import MaterialRule
from jifen.scoring.device.rules import RuleWriter

_UNSURE = Text("待核实", "to be checked")
_LIKELY = Text("较可能，待核实", "likely, to be checked")
_DOUBTS = {"certain": Text("", ""), "likely": _LIKELY, "unsure": _UNSURE}
_POINTS = Text("分值", "points")


@dataclass(frozen=True, slots=True)
class Reason:
    """An item or condition that a paper proves, with its clause."""

    label: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: what it is, why it is asked, and whether another one does instead. `always`: it is
    asked of everybody; `required` false: the register tells the same."""

    label: str
    help: str
    why: tuple[Reason, ...]
    always: bool
    required: bool
    instead_of: str
    doubt: str
    months_valid: int | None


def process_of(work: Work) -> Process | None:
    """The procedure of the day; None where the city has none."""
    try:
        return find_process(work.policy.city, work.on)
    except NoProcess:
        return None


def papers(work: Work, process: Process, lang: Lang) -> list[Paper]:
    """Those without which nothing can be filed first."""
    wanted = list_required_materials(process, work.rules, work.situation.values)
    found = [_paper(work, one, lang) for one in wanted]
    return sorted(found, key=lambda paper: (not paper.required, not paper.always))


@dataclass(frozen=True, slots=True)
class BlankPaper:
    """A paper with every reason for which it may be asked. `needs`: when it is, as plain data:
    `always`, or one of `facts` claims something and `when` holds; `why` names for each reason of
    the paper the facts that bring it."""

    paper: Paper
    needs: dict[str, Any]


def every_paper(work: Work, process: Process, lang: Lang) -> list[BlankPaper]:
    """All papers of a procedure, in the order in which some of them are shown."""
    found = [_blank_paper(work, material, lang) for material in process.materials]
    return sorted(found, key=lambda one: (not one.paper.required, not one.paper.always))


def _blank_paper(work: Work, material: MaterialRule, lang: Lang) -> BlankPaper:
    why = reasons_of(material, work.rules)
    items = dict.fromkeys(reason.indicator for reason in why)
    when = RuleWriter(work.rules).write_condition(material.when) if material.when else None
    needs = {
        "always": material.always,
        "facts": list(dict.fromkeys(reason.fact for reason in why)),
        "when": when,
        "why": [[one.fact for one in why if one.indicator == item] for item in items],
    }
    return BlankPaper(_paper(work, RequiredMaterial(material, why), lang), needs)


def _paper(work: Work, one: RequiredMaterial, lang: Lang) -> Paper:
    material = one.material
    return Paper(
        material.label(lang),
        material.help(lang),
        tuple(_reasons(work, one, lang)),
        material.always,
        material.required,
        material.any_of,
        _DOUBTS.get(material.provenance.confidence, _UNSURE)(lang),
        material.months_valid,
    )


def _reasons(work: Work, one: RequiredMaterial, lang: Lang) -> Iterator[Reason]:
    """Each item once, whichever of its facts the paper proves."""
    bases: dict[str, Basis] = {i.id: i.basis for i in work.rules.indicators}
    bases |= {r.id: r.basis for r in work.rules.requirements}
    labels = {why.indicator: why.label for why in one.why}
    for ident, label in labels.items():
        basis = bases.get(ident)
        mark = badge(basis, lang, _POINTS) if basis else Badge("", NUMBER_TO_CHECK(lang))
        yield Reason(label(lang), mark)
