"""Who files, at which office, in which steps and by when: from the process of the city."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jifen.office.web.public.catalogue import today
from jifen.office.web.public.next_steps.papers import process_of
from jifen.office.web.public.self_assessment import Work
from jifen.policy.certainty import MARK
from jifen.policy.model import Source
from jifen.policy.text import Lang, Text
from jifen.process import NoProcess, find_process
from jifen.process.calendar import working_calendar
from jifen.process.model import Process

_FILERS = {
    "employer": Text("单位网上申报", "your employer files online"),
    "agency": Text("受委托的代理机构", "an agency on its behalf"),
    "person": Text("本人申报", "you file yourself"),
}
_OFFICES = {
    "employer_district": Text(
        "单位所在区的受理部门", "the office of the district in which your employer is registered"
    ),
    "permit_district": Text(
        "居住证登记地所在区（市）县的受理窗口",
        "the window of the district of your permit's address",
    ),
}
_ELSEWHERE = Text("所在区的受理部门", "the office of the district")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the procedure, in working days; `mark` where no source tells it."""

    label: str
    days: int
    mark: str


@dataclass(frozen=True, slots=True)
class Filing:
    """The way of an application. `until`: the day by which it is decided if it is filed on the day
    of the assessment; `sure` false: holidays of that year are not announced yet."""

    filers: str
    office: str
    districts: tuple[str, ...]
    stages: tuple[Stage, ...]
    days: int
    until: date
    sure: bool
    note: str
    correction_days: int
    sources: tuple[str, ...]


def filing(work: Work, lang: Lang) -> Filing | None:
    """None where the city has no procedure on the day."""
    process = process_of(work)
    if process is None:
        return None
    joint = Text("，或由", " or ")(lang)
    filers = [words(lang) for ident, words in _FILERS.items() if ident in process.filers]
    calendar = working_calendar()
    until = calendar.add_working_days(work.on, process.days)
    return Filing(
        joint.join(filers),
        _OFFICES.get(process.office, _ELSEWHERE)(lang),
        tuple(district.label(lang) for district in process.districts),
        tuple(Stage(g.label(lang), g.days, _mark(g.provenance.confidence)) for g in process.gates),
        process.days,
        until,
        until <= calendar.known_until,
        process.provenance.note(lang),
        process.correction.days,
        tuple(titles(_cited(process), lang)),
    )


def list_filers_today(city: str) -> frozenset[str]:
    """Who may begin an application now, whatever day was assessed; nobody where the city has no
    procedure today."""
    try:
        return find_process(city, today()).filers
    except NoProcess:
        return frozenset()


def _mark(confidence: str) -> str:
    return "" if confidence == "certain" else MARK


def _cited(process: Process) -> list[Source]:
    """The sources on which procedure and papers rest."""
    cites = [process.provenance.cite, *(gate.provenance.cite for gate in process.gates)]
    cites += [material.provenance.cite for material in process.materials]
    keys = {key.strip() for cite in cites for key in cite.split(";")}
    return [source for source in process.sources if source.id in keys]


def titles(sources: Iterable[Source], lang: Lang) -> list[str]:
    """Sources as a reader knows them: the title or the address with its date, never our own key."""
    del lang  # sources are cited as they were found
    return [f"{source.where}: {source.what}" if source.what else source.where for source in sources]
