"""A policy file from its bytes to every fault: what reading finds, then what the checks find."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from jifen.policy.build import build_rules
from jifen.policy.checks import check, merged
from jifen.policy.fault import DocumentError, Fault
from jifen.policy.model import Series
from jifen.policy.policy import Policy, read_policy, whole_document
from jifen.policy.shapes import Sink
from jifen.policy.source import MAX_BYTES, Node, decode, parse
from jifen.policy.vocabulary import Vocabulary


def check_file(
    raw: bytes,
    file: str,
    vocabulary: Vocabulary,
    series: tuple[Series, ...],
    sources: Mapping[str, Node] | None = None,
) -> tuple[Policy | None, list[Fault]]:
    """The policy (None where it cannot be read) and all faults of the file in one run; `sources`:
    those of the city."""
    try:
        text = decode(raw, file)
        node = parse(text, file)
    except DocumentError as error:
        return None, _shown(error.faults, raw)
    sink = Sink(tuple(text.splitlines()))
    try:
        policy = read_policy(node, vocabulary, series, tuple(sink.lines), sources)
    except DocumentError as error:
        whole = whole_document(node, Sink(sink.lines), sources or {})
        build_rules(whole, vocabulary, series, sink)
        return None, merged([*error.faults, *sink.faults])
    return policy, _shown(check(policy), raw)


def _shown(faults: Iterable[Fault], raw: bytes) -> list[Fault]:
    """The faults, each with the line that it is about."""
    lines = raw.decode("utf-8", "replace").splitlines()
    return [
        fault
        if fault.line_text or fault.place.line > len(lines) or len(raw) > MAX_BYTES
        else replace(fault, line_text=lines[fault.place.line - 1][:200])
        for fault in faults
    ]
