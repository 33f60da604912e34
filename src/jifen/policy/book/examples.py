"""Worked cases in words: facts through the vocabulary, expectations through the policy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from jifen.policy.mechanisms.words import points_text
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact, Vocabulary

_STATUS = {
    "paid": Text("正常缴纳", "paid"),
    "deferred": Text("缓缴", "deferred"),
    "back_paid": Text("补缴", "back-paid"),
    "mismatched": Text("不符", "mismatched"),
}
_EXPECT = {
    "total": Text("总分", "total"),
    "eligible": Text("符合申请条件", "eligible"),
    "reached": Text("达到分数线", "line reached"),
    "vetoed": Text("被否决", "vetoed"),
    "threshold": Text("分数线", "line"),
    "bounds": Text("可能的总分范围", "bounds"),
    "missing": Text("尚缺的信息", "missing"),
    "order": Text("名次", "order"),
}
_KEYS = {
    "issued_on": Text("签发", "issued"),
    "valid_until": Text("有效至", "valid until"),
    "endorsements": Text("签注", "endorsed"),
    "area": Text("登记地", "area"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A name and its value in words."""

    name: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Example:
    """A worked case, ready to be shown."""

    id: str
    label: Text
    on: date
    facts: tuple[Said, ...]
    readings: tuple[Said, ...]
    expect: tuple[Said, ...]
    source: Text


def example(case: Any, policy: Policy, rules: Rules) -> Example:
    """A case in words; a case of several people (a ranking) names each of them."""
    return Example(
        case.id,
        case.label,
        case.on,
        tuple(_facts(case, rules.vocabulary)),
        tuple(_reading(policy, ident, chosen) for ident, chosen in case.readings.items()),
        tuple(_expected(case.expect, rules)),
        case.source,
    )


def _facts(case: Any, vocabulary: Vocabulary) -> Iterable[Said]:
    for ident, value in case.own_facts.items():
        yield fact_said(ident, value, vocabulary)
    for name, facts in getattr(case, "people", {}).items():
        words = [fact_said(ident, value, vocabulary) for ident, value in facts.items()]
        zh = "；".join(f"{w.name.zh} {w.value.zh}" for w in words)
        en = "; ".join(f"{w.name.en} {w.value.en}" for w in words)
        yield Said(Text(name, name), Text(zh, en))


def fact_said(ident: str, value: Any, vocabulary: Vocabulary) -> Said:
    """One fact of a case in words; an id that is no fact is shown as it stands."""
    fact = vocabulary.get(ident)
    if fact is None:
        return Said(Text(ident, ident), _as_written(value))
    if value == "absent":
        return Said(fact.label, Text("未知", "not known"))
    return Said(fact.label, _value(fact, value))


def _value(fact: Fact, value: Any) -> Text:
    if isinstance(value, Mapping):
        return _record(value)
    if isinstance(value, list):
        spells = [_spell(item) for item in value if isinstance(item, Mapping)]
        if spells:
            return Text("；".join(s.zh for s in spells), "; ".join(s.en for s in spells))
        return _as_written(value)
    typed = _typed(fact, value)
    return _as_written(typed) if isinstance(typed, str) and not fact.ids else fact.say(typed)


def _typed(fact: Fact, value: Any) -> Any:
    """The text of a case as a value of its fact; a broken one stays as it is written."""
    if fact.type == "bool":
        return {"true": True, "false": False}.get(value, value)
    if not fact.is_number or value is None:
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        return value


def _record(value: Mapping[str, Any]) -> Text:
    parts = [(_KEYS.get(key, Text(key, key)), _as_written(said)) for key, said in value.items()]
    zh = "，".join(f"{key.zh} {said.zh}" for key, said in parts)
    return Text(zh, ", ".join(f"{key.en} {said.en}" for key, said in parts))


def _spell(spell: Mapping[str, Any]) -> Text:
    status = _STATUS.get(str(spell.get("status") or "paid"), Text("?", "?"))
    span, base = f"{spell.get('from')} – {spell.get('to')}", spell.get("base")
    zh, en = f"{span} {status.zh}", f"{span} {status.en}"
    return Text(f"{zh}，基数 {base} 元", f"{en}, base {base} yuan") if base else Text(zh, en)


def _as_written(value: Any) -> Text:
    if isinstance(value, list | tuple):
        return Text("、".join(map(str, value)) or "无", ", ".join(map(str, value)) or "none")
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    return Text("不适用", "does not apply") if value is None else Text(str(value), str(value))


def _reading(policy: Policy, ident: str, chosen: str) -> Said:
    for switch in policy.switches:
        if switch.id == ident:
            labels = {reading.id: reading.label for reading in switch.readings}
            return Said(switch.question, labels.get(chosen, Text(chosen, chosen)))
    return Said(Text(ident, ident), Text(chosen, chosen))


def _expected(expect: Mapping[str, Any], rules: Rules) -> Iterable[Said]:
    names = {i.id: i.label for i in rules.indicators} | {r.id: r.label for r in rules.requirements}
    for key, value in expect.items():
        if isinstance(value, Mapping):
            for ident, inner in value.items():
                yield Said(names.get(ident, Text(ident, ident)), _outcome(inner))
        elif key in ("total", "threshold"):
            yield Said(_EXPECT[key], _outcome(value))
        elif key == "bounds" and isinstance(value, list):
            yield Said(_EXPECT[key], Text(" – ".join(map(str, value)), " – ".join(map(str, value))))
        elif key == "missing" and isinstance(value, list):
            yield Said(_EXPECT[key], _named(value, rules.vocabulary))
        else:
            yield Said(_EXPECT.get(key, Text(key, key)), _unsure(value))


def _named(idents: Iterable[Any], vocabulary: Vocabulary) -> Text:
    facts = [vocabulary.get(str(ident)) for ident in idents]
    labels = [fact.label for fact in facts if fact]
    return Text("、".join(t.zh for t in labels) or "无", ", ".join(t.en for t in labels) or "none")


def _outcome(value: Any) -> Text:
    """Points where it is a number, else as it stands."""
    try:
        return points_text(Decimal(str(value)))
    except InvalidOperation:
        return _unsure(value)


def _unsure(value: Any) -> Text:
    """A result that may be open: null says that it cannot be told yet."""
    return Text("尚不能确定", "cannot be told yet") if value is None else _as_written(value)
