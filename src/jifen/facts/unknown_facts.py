"""Ids that are no fact of a city: mistyped ones, and those of a file that was made for another."""

from collections import Counter
from collections.abc import Iterable, Sequence

from jifen.facts.fault import FactFault
from jifen.policy.fault import find_nearest, join_words, shorten_text
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary

_LISTED = 3


def describe_unknown_facts(
    vocabulary: Vocabulary, fact_ids: Sequence[str], also_known: Iterable[str] = ()
) -> list[FactFault]:
    """The faults of unknown ids: one for all that another city knows, one for each other id.

    `also_known` are ids that a comparison of several cities accepts beside the vocabulary.
    """
    elsewhere = {fact_id: vocabulary.find_other_cities(fact_id) for fact_id in fact_ids}
    counts = Counter(name for names in elsewhere.values() for name in names)
    faults = []
    if counts:
        city, label = counts.most_common(1)[0][0]
        foreign = [fact_id for fact_id in fact_ids if (city, label) in elsewhere[fact_id]]
        faults.append(_other_city_fault(foreign, city, label))
        fact_ids = [fact_id for fact_id in fact_ids if fact_id not in foreign]
    known_ids = tuple(dict.fromkeys((*vocabulary.ids, *also_known)))
    several = bool(also_known)
    return faults + [
        _unknown_fact_fault(fact_id, known_ids, vocabulary.city, several=several, first=number == 0)
        for number, fact_id in enumerate(fact_ids)
    ]


def is_unique_to_city(fact_id: str, vocabulary: Vocabulary) -> bool:
    """Whether a fact of a city is asked for in no other."""
    return fact_id in vocabulary and not vocabulary.find_other_cities(fact_id)


def _other_city_fault(fact_ids: Sequence[str], city: str, label: Text) -> FactFault:
    names = [shorten_text(fact_id, 40) for fact_id in fact_ids]
    zh, en = "、".join(names[:_LISTED]), ", ".join(names[:_LISTED])
    if len(names) > _LISTED:
        zh, en = f"{zh} 等 {len(names)} 项", f"{en} and {len(names) - _LISTED} more"
    remedy = Text(
        f"这是{label.zh}的资料，请在{label.zh}页面导入；命令行请把城市写成 {city}。",
        f"These are facts for {label.en}: load the file on the page of {label.en}, or name the "
        f"city {city} on the command line.",
    )
    return FactFault(
        "JF-F013",
        fact_ids[0],
        Text(f"{zh}，只有{label.zh}使用", f"{en}, which only {label.en} asks for"),
        Text("本市的资料", "facts of this city"),
        remedy,
        Text(
            f"这是{label.zh}的资料，请在{label.zh}页面导入（本市不使用 {zh}）。",
            f"These are facts for {label.en}: load the file on the page of {label.en} (this city "
            f"does not use {en}).",
        ),
    )


def _unknown_fact_fault(
    fact_id: str, known_ids: tuple[str, ...], city: str, *, several: bool, first: bool
) -> FactFault:
    hint, shown = find_nearest(fact_id, known_ids), shorten_text(fact_id, 40)
    # the list of all of them once is enough
    listed = join_words(known_ids, 60) if first else "…"
    whose = Text("所选城市", "the cities named") if several else Text("本市", city)
    remedy = Text("请删去或更正。", "Remove or correct it.")
    if hint:
        remedy = Text(f"可能想写 {hint}。", f"Did you mean {hint}?")
    return FactFault(
        "JF-F001",
        fact_id,
        Text(f"未知的事实“{shown}”", f"the unknown fact '{shown}'"),
        Text(f"{whose.zh}资料中的一项：{listed}", f"a fact of {whose.en}: {listed}"),
        remedy,
        Text(
            f"资料中没有“{shown}”这一项。{remedy.zh}",
            f"There is no fact '{shown}'. {remedy.en}",
        ),
    )
