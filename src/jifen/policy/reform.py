"""A reform file: what an analyst would change, as paths into a policy and their new values.

language: "1"
reform: degrees-less
label: {zh: 学历降分, en: Fewer points for degrees}
policy: shanghai-points
change:
  indicators.education.choice.points.bachelor_with_degree: 80
  indicators.award: null
"""

from jifen.policy.catalogue import POLICY
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy, Reform
from jifen.policy.shapes import BILINGUAL, IDENT, Choice, Closed, Field, RawMap, Sink, optional
from jifen.policy.source import Node
from jifen.policy.text import EMPTY

REFORM = Closed(
    "a reform",
    {
        "language": Field(Choice(("1",))),
        "reform": Field(IDENT, doc="the id of the reform"),
        "label": Field(BILINGUAL),
        "policy": Field(IDENT, doc="the policy that it changes"),
        "note": optional(BILINGUAL, EMPTY),
        "change": Field(RawMap(), doc="paths into the policy → new values; null takes away"),
    },
)


def read_reform(node: Node, lines: tuple[str, ...] = ()) -> tuple[Reform, str]:
    """A document → the reform and the id of its policy. Raises PolicyError with every fault."""
    sink = Sink(lines)
    entry = REFORM.read(node, sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    reform = Reform(
        entry["reform"], entry["label"], entry["change"], entry["note"], node.place.file, lines
    )
    return reform, entry["policy"]


def refuse_other_policy(
    policy: Policy, ident: str, node: Node, lines: tuple[str, ...] = ()
) -> None:
    """A reform of one measure cannot be tried on another. Raises PolicyError."""
    if ident != policy.id:
        sink, place = Sink(lines), node.mapping["policy"].place
        words = POLICY.fault_words("JF-P034", "other_measure", other=ident, policy=policy.id)
        sink.report_fault("JF-P034", place, words)
        raise PolicyError(sink.faults)


def refuse_change_of_records(reform: Reform) -> None:
    """A table of people holds the numbers that records gave, not the records: a change of how they
    give them would change nothing there. Raises PolicyError."""
    sink = Sink(reform.lines)
    for path, node in reform.change.items():
        if path.split(".")[0] == "records":
            words = POLICY.fault_words("JF-P092", "in_simulation", path=path)
            sink.report_fault("JF-P092", node.place, words)
    if sink.faults:
        raise PolicyError(sink.faults)
