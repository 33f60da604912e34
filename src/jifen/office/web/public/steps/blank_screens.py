"""The screens of a city without anybody's answers: the device puts in what its own visitor says.

The same templates make them that make the pages of the server, so both say the same. They hold
no personal data and are the same for everybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from jifen.cities import City, index
from jifen.facts.form import list_asked_facts
from jifen.facts.insurance import Gap, InsuranceAccount, InsuredMonth
from jifen.office.web.page import template_of
from jifen.office.web.public.answers import SOME, Answers
from jifen.office.web.public.catalogue import today
from jifen.office.web.public.insurance import SPELL_PARTS, SPELL_WORDS
from jifen.office.web.public.next_steps.entitlements import openings
from jifen.office.web.public.next_steps.filing import filing, list_filers_today
from jifen.office.web.public.next_steps.papers import every_paper, process_of
from jifen.office.web.public.panel import MARKS, blank_blocks, blank_rows, condition_markup, panel
from jifen.office.web.public.self_assessment import Work, work_out
from jifen.office.web.public.steps.check import Chapter, Row
from jifen.office.web.public.steps.moves import MOVE_FAULTS
from jifen.office.web.public.steps.order import facts_of_records, members_of
from jifen.office.web.public.steps.position import CHECK, GROUP, RESULT, SPELLS, Walk
from jifen.office.web.public.steps.show import GROUP_ASKS, screen_context
from jifen.policy.model import Rules
from jifen.policy.text import EMPTY, Lang, Text
from jifen.scoring.result_status import derive_status

FORMAT = "jifen.screens.v1"
_TITLES = {CHECK: Text("核对回答", "Check your answers"), RESULT: Text("结果", "The result")}
_BAR = {"from": 0, "width": 0, "line": 0}
_WORDS = {
    "skipped": Text("不知道", "I don't know"),
    "none_of": Text("%d 项均无", "none of %d"),
    "no_dates": Text("没有", "none"),
    "unanswered": Text("还没有答", "not answered yet"),
    "own": Text("您的情况", "yours"),
    "stop": Text("。", ". "),
}


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the templates of a screen read of the frame of a page."""

    elder: bool


def blank_screens(city: City, work: Work, lang: Lang, *, elder: bool) -> dict[str, Any]:
    """The document of a city for a day. `work`: the measure of the day, with no answers."""
    frame = _Frame(elder)
    process = process_of(work)
    return {
        "format": FORMAT,
        "on": work.on.isoformat(),
        "spells": {name: words(lang) for name, words in (SPELL_WORDS | SPELL_PARTS).items()},
        "titles": {step: words(lang) for step, words in _TITLES.items()},
        "words": {name: words(lang) for name, words in _WORDS.items()},
        "faults": {name: words(lang) for name, words in MOVE_FAULTS.items()},
        "asks": {name: words(lang) for name, words in GROUP_ASKS.items()},
        "marks": MARKS,
        "steps": dict(_steps(city, work, lang, frame)),
        "check": _check(city, lang, frame, work),
        "result": _result(city, work, lang, frame),
        "conditions": _conditions(work, lang),
        "lines": blank_rows(work.rules, lang),
        "papers": [paper.needs for paper in every_paper(work, process, lang)] if process else [],
    }


def blank_work(work: Work, **values: str) -> Work:
    """The same measure and day with only these answers."""
    return work_out(work.policy, work.on, Answers(values=values), presets=False)


def _render(name: str, lang: Lang, **context: Any) -> str:
    return str(template_of(lang, f"public/{name}").render(blank=True, **context))


def _steps(city: City, work: Work, lang: Lang, frame: _Frame) -> Iterator[tuple[str, Any]]:
    rules = work.rules
    for ident in list_asked_facts(rules):
        written = _step(city, work, Walk(at=ident), lang, frame)
        if rules.vocabulary[ident].type == "dates":
            some = blank_work(work, **{ident: SOME})
            written["rows"] = _step(city, some, Walk(at=ident), lang, frame)["html"]
        yield ident, written
    if facts_of_records(work):
        yield SPELLS, _step(city, work, Walk(at=SPELLS), lang, frame, _blank_records(rules, lang))
    for section in rules.vocabulary.sections:
        if members := members_of(work, section.id):
            # all of them are on the screen; the device takes out those that do not matter
            every = Walk(at=f"{GROUP}{section.id}", claimed=set(members))
            yield every.at, _step(city, work, every, lang, frame)


def _blank_records(rules: Rules, lang: Lang) -> dict[str, Any]:
    """What records give, once of each kind."""
    month = InsuredMonth(0, "counts", None, None, None, EMPTY)
    account = InsuranceAccount((month,), (Gap(0, 0),), rules.contributions.deferred[:1])
    return {
        "account": account,
        "derived_items": [{"label": "", "value": "", "reason": ""}],
    }


def _step(
    city: City,
    work: Work,
    walk: Walk,
    lang: Lang,
    frame: _Frame,
    blank: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, str]:
    context = screen_context(work, walk, lang) | dict(blank)
    html = _render(
        "step_part.html",
        lang,
        city=city,
        walk=walk,
        work=work,
        frame=frame,
        fault="",
        faulty=False,
        so_far="",
        progress={"done": 0, "left": 0, "all": 1},
        **context,
    )
    return {"title": context["title"], "kind": context["kind"], "html": html}


def _check(city: City, lang: Lang, frame: _Frame, work: Work) -> str:
    chapter = Chapter("", (Row("", "", ""),))
    return _render(
        "check_part.html",
        lang,
        city=city,
        frame=frame,
        work=work,
        walk=Walk(at=CHECK),
        chapters=[chapter],
        left=0,
        faults=[""],
    )


def _result(city: City, work: Work, lang: Lang, frame: _Frame) -> str:
    process, standing = process_of(work), derive_status(work.assessment)
    plainly, opened = openings(city, work, lang)
    shown = panel(work, lang) | {"blocks": blank_blocks(work.rules, lang), "warnings": [""]}
    return _render(
        "outcome_part.html",
        lang,
        city=city,
        frame=frame,
        work=work,
        walk=Walk(at=RESULT),
        p=shown | {"bar": _BAR, "range": "", "points": ""},
        standing=standing,
        kind="",
        more=0,
        deciders="",
        papers=[paper.paper for paper in every_paper(work, process, lang)] if process else [],
        filing=filing(work, lang),
        filers=list_filers_today(city.id),
        plainly=plainly,
        opened=opened,
        others=[other for other in index().values() if other.id != city.id],
        today=today(),
    )


def _conditions(work: Work, lang: Lang) -> dict[str, list[str]]:
    """Each condition as it is shown when it is not met, open, and met."""
    return {
        one.id: [str(condition_markup(one, met, lang)) for met in (False, None, True)]
        for one in work.rules.requirements
    }
