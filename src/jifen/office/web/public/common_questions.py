"""Questions that people ask about the points of a city, answered from the measure of a day; and its
words, as the measure uses them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jifen.cities import City
from jifen.entitlements import load_entitlements
from jifen.facts.form import list_asked_facts
from jifen.office.web.public.panel import Badge, badge
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Rules
from jifen.policy.quantity import format_number
from jifen.policy.text import Lang, Text
from jifen.process import NoProcess, find_process

_RULE = Text("规则", "rule")
_LINE = Text("多少分够？", "How many points are enough?")
_NO_LINE = Text("没有固定的分数线，按名次确定。", "There is no fixed line: ranks decide.")
_LINE_IS = Text("%s 分。", "%s points.")
_FIRST = Text("要先知道什么？", "What should I know first?")
_GIVES = Text(
    "积分就是落户吗？够了能享受什么？",
    "Are the points a household registration? What do they give?",
)
_NEEDS = Text("什么人可以申请？", "Who may apply?")
_BARS = Text("什么情形会一票否决？", "What bars an application whatever the points?")
_DAYS = Text("多久有结果？", "How long does it take?")
_DAYS_ARE = Text(
    "共 %d 个工作日；材料要补正的，另有 %d 个工作日。",
    "%d working days in all, and %d more where something must be put right.",
)
_PAPERS = Text("人人都要带哪些材料？", "Which papers does everybody need?")
_OPEN = Text("有的题不知道怎么办？", "What if I do not know an answer?")
_OPEN_IS = Text(
    "先跳过。结果是一个区间：没有回答的题按各种可能计算，答得越多，区间越窄。",
    "Skip it. The result is a range over all that an open question may be: it narrows as you "
    "answer.",
)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of an answer, with where it stands."""

    words: str
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class CommonQuestion:
    """A question and its answer in one or several lines."""

    id: str
    question: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the measure: what counts, and the items that use it."""

    id: str
    label: str
    words: str


def common_questions(city: City, rules: Rules, on: date, lang: Lang) -> list[CommonQuestion]:
    """Those that the data of the city can answer."""
    every = (
        ("line", _LINE, _line(rules, on, lang)),
        ("first", _FIRST, _know_first(city, lang)),
        ("gives", _GIVES, _words(load_entitlements(city.id).plainly(lang))),
        ("conditions", _NEEDS, tuple(_conditions(rules, lang))),
        ("vetoes", _BARS, tuple(_vetoes(rules, lang))),
        ("days", _DAYS, _days(city, on, lang)),
        ("papers", _PAPERS, _papers(city, on, lang)),
        ("unknown", _OPEN, _words(_OPEN_IS(lang))),
    )
    return [CommonQuestion(ident, words(lang), items) for ident, words, items in every if items]


def terms(rules: Rules, lang: Lang) -> list[Term]:
    """Facts of the form with the explanation of what counts, in the order of the form."""
    facts = (rules.vocabulary[ident] for ident in list_asked_facts(rules))
    return [Term(fact.id, fact.label(lang), fact.help(lang)) for fact in facts if fact.help(lang)]


def _words(text: str) -> tuple[Item, ...]:
    return (Item(text),) if text else ()


def _know_first(city: City, lang: Lang) -> tuple[Item, ...]:
    """The caution of the city, unless what the points give says it anyway."""
    caution = city.caution(lang)
    return () if caution in load_entitlements(city.id).plainly(lang) else _words(caution)


def _line(rules: Rules, on: date, lang: Lang) -> tuple[Item, ...]:
    if not rules.decision.has_threshold:
        return (Item(_NO_LINE(lang)),)
    line: Decimal = rules.decision.threshold_on(on)
    return (Item(_LINE_IS(lang) % format_number(line)),)


def _conditions(rules: Rules, lang: Lang) -> Iterator[Item]:
    for one in rules.requirements:
        yield Item(one.label(lang), badge(one.basis, lang, _RULE))


def _vetoes(rules: Rules, lang: Lang) -> Iterator[Item]:
    for one in rules.indicators:
        if isinstance(one.mechanism, Veto) and one.mechanism.refuses:
            label = one.label(lang)
            circumstance = one.mechanism.list_rows(rules.vocabulary)[0].when(lang)
            words = label if label == circumstance else f"{label}{_colon(lang)}{circumstance}"
            yield Item(words, badge(one.basis, lang, _RULE))


def _days(city: City, on: date, lang: Lang) -> tuple[Item, ...]:
    try:
        process = find_process(city.id, on)
    except NoProcess:
        return ()
    return (Item(_DAYS_ARE(lang) % (process.days, process.correction.days)),)


def _papers(city: City, on: date, lang: Lang) -> tuple[Item, ...]:
    try:
        process = find_process(city.id, on)
    except NoProcess:
        return ()
    return tuple(Item(one.label(lang)) for one in process.materials if one.always)


def _colon(lang: Lang) -> str:
    return ": " if lang == "en" else "："
