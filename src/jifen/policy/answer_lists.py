"""Lists of a version, by their names: the answers that conditions take together, such as
`settlement_area in near_suburbs`. Overlays, readings and reforms reach them: which towns count is
law, and changes."""

from collections.abc import Iterable, Mapping

from jifen.policy.catalogue import join_list
from jifen.policy.fault import find_nearest
from jifen.policy.linker import PolicyLinker
from jifen.policy.shapes import IDENT, Entry, Field, ListOf

ANSWER_LIST_FIELDS = {
    "id": Field(IDENT, doc="what conditions call it: settlement_area in near_suburbs"),
    "of": Field(IDENT, doc="a choice"),
    "answers": Field(ListOf(IDENT, 1), doc="the answers of it that are in the list"),
}


def read_answer_lists(
    entries: Iterable[Entry], linker: PolicyLinker
) -> Mapping[str, tuple[str, ...]]:
    """The lists of a version by their ids; faults go to the linker."""
    lists: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        linker.read_basis(entry)
        fact_id = linker.read_fact(entry, "of", frozenset({"choice"}))
        answers = tuple(answer for answer in entry["answers"] if answer)
        lists[entry["id"]] = answers
        known = linker.vocabulary[fact_id].ids if fact_id else answers
        for number, answer in enumerate(answers):
            place = entry.node.mapping["answers"].items[number].place
            if answer not in known:
                words = {"answer": answer, "fact": fact_id, "known": join_list(known)}
                hint = find_nearest(answer, known)
                linker.report_fault("JF-P020", place, "answer", **words, hint=hint)
            elif answer in answers[:number]:
                linker.report_fault("JF-P093", place, "twice", answer=answer, list=entry["id"])
    return lists
