"""A hundred thousand accepted cases ranked, frozen, published, and made again to the byte."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from benchmarks.office.setup import sqlite_office
from jifen.scoring.ranking import Entrant

PEOPLE, QUOTA, LOT = 100_000, 8_411, 5_000
BOUND = 60.0
"""Seconds for each part."""


def run() -> None:
    """Measure on SQLite; with DATABASE_URL on that database."""
    with sqlite_office():
        _measure_steps()


def _measure_steps() -> None:
    from jifen.office.lists.actions.runs import open_run, publish_run  # noqa: PLC0415 - needs apps
    from jifen.office.lists.models import RunPlace  # noqa: PLC0415 - needs apps
    from jifen.office.lists.snapshots import compare_runs, rank_people, recompute_run  # noqa: PLC0415 - as above
    from tests.world.town import Town  # noqa: PLC0415 - needs apps

    town = Town()
    _fill_decisions(town)
    ranking = _time_step("opened (read, ranked, frozen)", lambda: _open_run(open_run, town))
    assert (ranking.ranked, ranking.quota) == (PEOPLE, QUOTA), ranking
    level = RunPlace.objects.filter(run=ranking, admitted=True).count() - QUOTA
    people = [_build_entrant(place) for place in ranking.places.all()]
    _time_step("ranked alone (order, level people, quota)", lambda: rank_people(ranking, people))
    recomputed = _time_step("made again from the frozen decisions", lambda: recompute_run(ranking))
    assert recomputed.same
    other = _open_run(open_run, town)
    assert _time_step("two runs compared", lambda: compare_runs(ranking, other)) == []
    _time_step(
        "published (list signed, entries, history, log)",
        lambda: _publish_run(publish_run, town, ranking),
    )
    print(f"level with the last place beyond the quota: {level}")


def _build_entrant(place: Any) -> Entrant:
    return Entrant(place.number, place.total, tuple(map(Decimal, place.keys)))


def _open_run(open_run: Any, town: Any) -> Any:
    return open_run(town.lead, "chengdu", 2019, date(2019, 9, 16))


def _publish_run(publish_run: Any, town: Any, made: Any) -> Any:
    return publish_run(town.lead2, made, date(2019, 9, 25))


def _time_step(what: str, work: Callable[[], Any]) -> Any:
    start, own = time.perf_counter(), time.process_time()
    result = work()
    took, own = time.perf_counter() - start, time.process_time() - own
    timing = f"{took:8.2f} s, of which this process {own:6.2f} s"
    print(f"{PEOPLE:,} people: {what:50s} {timing}   (at most {BOUND:.0f} s)")
    assert took < BOUND
    return result


def _fill_decisions(town: Any) -> None:
    """Decisions as the engine makes them, with other insurance, residence and tenths."""
    from jifen.office.casework.models import Application, Decision  # noqa: PLC0415 - needs apps
    from jifen.office.registry.models import Person  # noqa: PLC0415 - needs apps
    from tests.world.town import facts_of  # noqa: PLC0415 - needs apps

    model = town.decided(facts_of("2018", "52", "Q"), date(2019, 6, 15))
    Decision.objects.filter(pk=model.pk).delete()
    Application.objects.filter(pk=model.application_id).delete()
    for start in range(0, PEOPLE, LOT):
        numbers = range(start, start + LOT)
        people = Person.objects.bulk_create([_build_person(n) for n in numbers])
        cases = Application.objects.bulk_create(
            [_build_case(model, n, who) for n, who in zip(numbers, people, strict=True)]
        )
        Decision.objects.bulk_create(
            [_build_decision(model, n, case) for n, case in zip(numbers, cases, strict=True)]
        )


def _build_person(number: int) -> Any:
    from jifen.office.registry.models import Person  # noqa: PLC0415 - needs apps

    name = "王李张刘陈杨"[number % 6] + "小明"
    return Person(identity=f"{number:018}", identity_index=f"{number:064}", name=name)


def _copy_row(row: Any, **changes: Any) -> Any:
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    return type(row)(**values | {"id": None} | changes)


def _build_case(model: Any, number: int, person: Any) -> Any:
    from uuid import uuid4  # noqa: PLC0415 - beside its use

    changes = {"number": f"CH2019{number + 10:09d}", "key": uuid4(), "person_id": person.pk}
    return _copy_row(model.application, **changes)


def _build_decision(model: Any, number: int, case: Any) -> Any:
    months, home, tenths = 60 + number * 7 % 90, number % 17, number * 13 % 600
    facts = model.facts.replace('"pension_months":"60"', f'"pension_months":"{months}"')
    facts = facts.replace('"home_years":"3"', f'"home_years":"{home}"')
    total = Decimal(1000 + tenths) / 10
    return _copy_row(model, application_id=case.pk, facts=facts, total=total)


if __name__ == "__main__":
    run()
