"""What the shapes alone cannot say of an assumptions file. Codes: JF-P… as in a policy; JF-Y001 a
movement that its fact cannot make, JF-Y002 a fact without a movement, JF-Y003 a key that is
missing or belongs to another movement, JF-Y004 figures that cannot stand together, JF-Y005 a
confidence that no source supports, JF-Y006 the assumptions of another city."""

from collections.abc import Iterable

from jifen.lab.fault_catalogue import LAB
from jifen.lab.years.keys import (
    add_fault,
    check_answer,
    check_range,
    check_share,
    check_whole_number,
    check_yes_or_choice,
    list_known_facts,
)
from jifen.policy.catalogue import join_list
from jifen.policy.fault import find_nearest
from jifen.policy.shapes import Entry, Sink
from jifen.policy.vocabulary import Fact, Vocabulary
from jifen.scoring.population.axis import is_wide

OLDEST = 200
_KEYS = {
    "accrues": {"by", "while", "zero"},
    "runs": {"by", "while", "zero"},
    "window": {"by", "while", "window", "recent", "level"},
    "expires": {"window"},
    "improves": {"steps"},
    "lapses": {"share"},
    "follows": {"of", "least"},
}
_REQUIRED_KEYS = {"improves": ("steps",), "follows": ("of", "least")}
_OPTIONS = ("by", "while", "zero", "window", "recent", "level", "steps", "share", "of", "least")
_TYPES = {
    "ages": ("years",),
    "accrues": ("months", "years"),
    "runs": ("months",),
    "window": ("months",),
    "expires": ("count",),
    "improves": ("choice",),
    "lapses": ("bool",),
    "follows": ("bool",),
}


def check_assumptions(entry: Entry, vocabulary: Vocabulary, sink: Sink) -> None:
    """Report every fault to the sink."""
    _check_city(entry, vocabulary, sink)
    _check_frame(entry, vocabulary, sink)
    levels = [level["id"] for level in entry["levels"]["from_highest"]] if entry["levels"] else []
    seen: dict[str, Entry] = {}
    for movement in entry["facts"]:
        for fact in list_known_facts(movement, "facts", movement["facts"], vocabulary, sink):
            if fact.id in seen:
                _report_repeated(movement, fact.id, seen[fact.id], sink)
            seen.setdefault(fact.id, movement)
            _check_movement(movement, fact, vocabulary, levels, sink)
    _report_missing_movements(entry, vocabulary, seen, sink)
    _check_moved_twice(entry, seen, sink)
    _check_bases(entry, sink)


def find_window(movement: Entry, fact: Fact) -> int | None:
    """The window of a movement in months: as written, else as the fact is derived."""
    written: int | None = movement["window"]
    return written or (fact.derive.window if fact.derive else None)


def is_movable(fact: Fact) -> bool:
    """Whether a population has a column for a fact."""
    return not fact.is_record and fact.type not in ("date", "dates")


# ---------------------------------------------------------------- the frame


def _check_city(entry: Entry, vocabulary: Vocabulary, sink: Sink) -> None:
    if entry["city"] != vocabulary.city:
        words = {"other": entry["city"], "city": vocabulary.city}
        add_fault(sink, "JF-Y006", entry, "city", "other_city", **words)


def _check_frame(entry: Entry, vocabulary: Vocabulary, sink: Sink) -> None:
    gap, leavers, entrants = entry["interruption"], entry["leavers"], entry["entrants"]
    check_share(gap, "share", sink)
    check_range(gap, "months", 1, 12, sink)
    check_yes_or_choice(gap, "while", vocabulary, sink)
    check_share(leavers, "reached_leave", sink)
    check_share(entrants, "share", sink, most=10)
    check_whole_number(entrants["like"], "fact", vocabulary, sink)
    _check_bands(leavers["bands"], sink)
    if entry["levels"]:
        check_whole_number(entry["levels"], "among", vocabulary, sink)
        for level in entry["levels"]["from_highest"]:
            known = list_known_facts(level, "share_of", level["share_of"], vocabulary, sink)
            for fact in known:
                _check_windowed(level, fact, sink)


def _check_bands(bands: Iterable[Entry], sink: Sink) -> None:
    before = -1
    for band in bands:
        last = OLDEST if band["to"] is None else band["to"]
        check_share(band, "share", sink)
        if band["from"] <= before or last < band["from"]:
            ends = {"first": band["from"], "last": last, "least": before + 1}
            add_fault(sink, "JF-Y004", band, "from", "bands", **ends)
        before = last


def _check_windowed(level: Entry, fact: Fact, sink: Sink) -> None:
    if not (fact.derive and fact.derive.window):
        add_fault(sink, "JF-Y001", level, "share_of", "no_window", fact=fact.id)


def _report_missing_movements(
    entry: Entry, vocabulary: Vocabulary, seen: dict[str, Entry], sink: Sink
) -> None:
    missing = [fact.id for fact in vocabulary if is_movable(fact) and fact.id not in seen]
    if missing:
        words = {"missing": join_list(missing), "city": vocabulary.city}
        add_fault(sink, "JF-Y002", entry, "facts", "missing", **words)


# ---------------------------------------------------------------- one movement


def _check_movement(
    entry: Entry, fact: Fact, vocabulary: Vocabulary, levels: list[str], sink: Sink
) -> None:
    kind = entry["moves"]
    if not is_movable(fact) or (kind != "stays" and not _fits_kind(fact, kind)):
        possible = _TYPES.get(kind, ())
        types = join_list(possible) if possible else LAB.format_phrase("of_a_column")
        words = {"moves": kind, "fact": fact.id, "type": fact.type, "types": types}
        add_fault(sink, "JF-Y001", entry, "moves", "movement", **words)
        return
    _check_keys(entry, kind, sink)
    if kind in ("window", "expires"):
        _check_window(entry, fact, vocabulary, levels, sink)
    check_yes_or_choice(entry, "while", vocabulary, sink)
    check_whole_number(entry, "of", vocabulary, sink)
    check_share(entry, "share", sink)
    if kind == "improves":
        _check_steps(entry, fact, vocabulary, sink)


def _fits_kind(fact: Fact, kind: str) -> bool:
    return fact.type in _TYPES[kind] and not is_wide(fact)


def _check_keys(entry: Entry, kind: str, sink: Sink) -> None:
    allowed = _KEYS.get(kind, set())
    for key in _OPTIONS:
        if entry[key] not in (None, ()) and key not in allowed:
            keys = join_list(sorted(allowed)) if allowed else LAB.format_phrase("none")
            add_fault(sink, "JF-Y003", entry, key, "extra", key=key, moves=kind, allowed=keys)
    for key in _REQUIRED_KEYS.get(kind, ()):
        if entry[key] in (None, ()):
            add_fault(sink, "JF-Y003", entry, "moves", "needed", key=key, moves=kind)


def _check_window(
    entry: Entry, fact: Fact, vocabulary: Vocabulary, levels: list[str], sink: Sink
) -> None:
    window = find_window(entry, fact)
    if window is None or window % 12 or not 12 <= window <= 240:
        phrase = (
            LAB.format_phrase("a_window", months=window)
            if window
            else LAB.format_phrase("no_window")
        )
        add_fault(sink, "JF-Y004", entry, "window", "window", found=phrase)
    if entry["level"] is not None and entry["level"] not in levels:
        hint = find_nearest(entry["level"], levels)
        known = join_list(levels) if levels else LAB.format_phrase("none_declared")
        add_fault(
            sink, "JF-P013", entry, "level", "level", level=entry["level"], known=known, hint=hint
        )
    for recent in list_known_facts(
        entry, "recent", [entry["recent"]] if entry["recent"] else [], vocabulary, sink
    ):
        if not recent.derive or recent.derive.window != 12:
            add_fault(sink, "JF-Y001", entry, "recent", "recent", fact=recent.id)


def _check_steps(entry: Entry, fact: Fact, vocabulary: Vocabulary, sink: Sink) -> None:
    left: list[str] = []
    shares: dict[str, float] = {}
    for step in entry["steps"]:
        check_share(step, "share", sink)
        for key in ("from", "to"):
            check_answer(step, key, step[key], fact, sink)
        if step["to"] in [*left, step["from"]]:
            add_fault(sink, "JF-Y004", step, "to", "step_back", first=step["from"], last=step["to"])
        left.append(step["from"])
        shares[step["from"]] = shares.get(step["from"], 0) + float(step["share"] or 0)
        if shares[step["from"]] > 1:
            words = {"first": step["from"], "sum": f"{shares[step['from']]:g}"}
            add_fault(sink, "JF-Y004", step, "share", "too_many", **words)
        _check_sets(step, vocabulary, sink)


def _check_moved_twice(entry: Entry, seen: dict[str, Entry], sink: Sink) -> None:
    """A fact that a step sets must not move of itself."""
    for movement in entry["facts"]:
        for step in movement["steps"]:
            for other in step["sets"] or ():
                if other in seen and seen[other]["moves"] != "stays":
                    words = {"fact": other, "moves": seen[other]["moves"]}
                    add_fault(sink, "JF-Y004", step, "sets", "moves_of_itself", **words)


def _check_sets(step: Entry, vocabulary: Vocabulary, sink: Sink) -> None:
    sets = step["sets"] or {}
    for other in list_known_facts(step, "sets", sets, vocabulary, sink):
        if other.type != "choice":
            add_fault(sink, "JF-Y001", step, "sets", "no_answers", fact=other.id, type=other.type)
        else:
            check_answer(step, "sets", sets[other.id], other, sink)


def _report_repeated(movement: Entry, ident: str, first: Entry, sink: Sink) -> None:
    line = first.place_of("facts").line
    add_fault(sink, "JF-P017", movement, "facts", "twice", fact=ident, line=line)


def _check_bases(entry: Entry, sink: Sink) -> None:
    """Who is surer than 'unsure' must say why; every source that is cited must be listed."""
    sources = [source["id"] for source in entry["sources"]]
    frame = [entry[key] for key in ("interruption", "levels", "leavers", "entrants")]
    for part in [section for section in frame if section] + list(entry["facts"]):
        if part["confidence"] != "unsure" and not part["sources"]:
            sure = part["confidence"]
            add_fault(sink, "JF-Y005", part, "confidence", "confidence", confidence=sure)
        for cited in part["sources"]:
            if cited not in sources:
                known = join_list(sources) if sources else LAB.format_phrase("none_listed")
                add_fault(sink, "JF-P013", part, "sources", "source", source=cited, known=known)
