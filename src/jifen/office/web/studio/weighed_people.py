"""How many people the indicators of a measure give points, where that was worked out; else what is
missing for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jifen.office.workshop.actions.studies import OF_MEASURE, list_measure_weights
from jifen.office.workshop.models import (
    Draft,
    Population,
    PopulationState,
    RunState,
    Study,
    StudyKind,
)
from jifen.office.workshop.simulation.disclosure import FEWEST, show_count
from jifen.policy.text import Lang, Text


@dataclass(frozen=True, slots=True)
class WeighedPeople:
    """`by_indicator`: words of people by the ids of indicators. `population`: its name and label,
    empty where the office has no such people; `state`: that of the answer, empty where nobody
    asked."""

    by_indicator: Mapping[str, str] = field(default_factory=dict)
    population: str = ""
    state: str = ""
    fault: str = ""


def find_population_of_measure(draft: Draft, start: str) -> Population | None:
    """The newest people of the office who have the facts of a measure (`chengdu@2024`)."""
    rows = Population.objects.filter(
        city=draft.city, people_of=start.partition("@")[0], state=PopulationState.READY
    )
    return rows.last()


def people_of_draft(draft: Draft, lang: Lang) -> WeighedPeople:
    """What the indicators of a draft weigh in people, by the newest answer that there is."""
    done = Study.objects.filter(draft=draft, kind=StudyKind.WEIGHTS, state=RunState.DONE, brief="")
    study = done.select_related("population").last()
    return _read(study, lang) if study else WeighedPeople()


def people_of_measure(draft: Draft, start: str, lang: Lang) -> WeighedPeople:
    """The same of another measure on the people of its city."""
    population = find_population_of_measure(draft, start)
    if population is None:
        return WeighedPeople()
    asked = list_measure_weights(draft).filter(
        population=population, on=draft.on, brief=OF_MEASURE + start
    )
    study = asked.exclude(state=RunState.SUPERSEDED).select_related("population").last()
    if study is None:
        return WeighedPeople(population=population.name)
    if study.state != RunState.DONE:
        zh, _, en = study.fault.partition("\n")
        fault = zh if lang == "zh" else en or zh
        return WeighedPeople(population=population.name, state=study.state, fault=fault)
    return _read(study, lang)


def _read(study: Study, lang: Lang) -> WeighedPeople:
    figures = json.loads(study.figures)
    everybody = figures.get("everybody")
    people = {
        row["indicator"]: _describe(row["after"], everybody, lang)
        for row in figures["indicators"]
        if row["after"]
    }
    return WeighedPeople(people, study.population.name, study.state)


def _describe(weight: Mapping[str, Any], everybody: float | None, lang: Lang) -> str:
    """How many get points, and their share; how many would not reach the line without it. Small
    counts are hidden, and with them their share."""
    given = weight["people"]
    is_shown = everybody and given >= FEWEST and everybody - given >= FEWEST
    share = _SHARE(lang) % f"{given / everybody:.0%}" if everybody and is_shown else ""
    return _WORDS(lang) % (show_count(given), share, show_count(weight["needed"]))


_WORDS = Text("给分 %s 人%s；没有它达不到 %s 人", "%s get points%s; %s would not reach without it")
_SHARE = Text("（%s）", " (%s)")
