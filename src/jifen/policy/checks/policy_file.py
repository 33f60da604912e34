"""A policy file from its bytes to every fault: what reading finds, then what the checks find."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from jifen.policy.checks import check_policy, merge_faults
from jifen.policy.fault import DocumentError, Fault
from jifen.policy.model import Series
from jifen.policy.policy import Policy
from jifen.policy.policy_reader import complete_document, read_policy
from jifen.policy.rules_builder import build_rules
from jifen.policy.shapes import Sink
from jifen.policy.source import MAX_BYTES, Node, decode_bytes, parse_yaml
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
        text = decode_bytes(raw, file)
        node = parse_yaml(text, file)
    except DocumentError as error:
        return None, _add_line_texts(error.faults, raw)
    sink = Sink(tuple(text.splitlines()))
    try:
        policy = read_policy(node, vocabulary, series, tuple(sink.lines), sources)
    except DocumentError as error:
        whole = complete_document(node, Sink(sink.lines), sources or {})
        build_rules(whole, vocabulary, series, sink)
        return None, merge_faults([*error.faults, *sink.faults])
    return policy, _add_line_texts(check_policy(policy), raw)


def _add_line_texts(faults: Iterable[Fault], raw: bytes) -> list[Fault]:
    """The faults, each with the line that it is about."""
    lines = raw.decode("utf-8", "replace").splitlines()
    return [
        fault
        if fault.line_text or fault.place.line > len(lines) or len(raw) > MAX_BYTES
        else replace(fault, line_text=lines[fault.place.line - 1][:200])
        for fault in faults
    ]
