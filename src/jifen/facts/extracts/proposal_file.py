"""A proposed mapping as the file that a person reads, corrects and gives to a run."""

import json
from collections.abc import Sequence

from jifen.facts.extracts.mapping import UNDECIDED
from jifen.facts.extracts.proposal import MappingProposal, ProposedColumn
from jifen.facts.words import say
from jifen.policy.catalogue import join_list
from jifen.policy.text import Lang
from jifen.policy.vocabulary import Vocabulary

BECAUSE = {
    "label": say("extracts.proposal_file.because_label"),
    "key": say("extracts.proposal_file.because_key"),
    "values": say("extracts.proposal_file.because_values"),
    "name": say("extracts.proposal_file.because_name"),
    "resembles": say("extracts.proposal_file.because_resembles"),
    "several": say("extracts.proposal_file.because_several"),
    "double": say("extracts.proposal_file.because_double"),
    "none": say("extracts.proposal_file.because_none"),
}
_HEAD = say("extracts.proposal_file.head")
_REGISTER = say("extracts.proposal_file.register")
_DAY_NUMBERS = say("extracts.proposal_file.day_numbers")
_ASSUME = say("extracts.proposal_file.assume")


def format_proposal(proposal: MappingProposal, vocabulary: Vocabulary, lang: Lang) -> str:
    """The mapping as YAML with remarks in a language."""
    layout, name = proposal.layout, proposal.extract.path.name
    head = (_REGISTER if proposal.is_register else _HEAD)(lang)
    lines = [
        *(f"# {line}" for line in head.format(city=proposal.city or "CITY", file=name).split("\n")),
        'mapping: "1"',
        *([f"city: {proposal.city}"] if proposal.city else []),
        f"file: {_quote_yaml(name)}",
    ]
    if layout.encoding and not name.lower().endswith(".xlsx"):
        lines.append(f"encoding: {layout.encoding}")
    separator = "tab" if layout.separator == "\t" else layout.separator
    lines += [f"separator: {_quote_yaml(separator)}", f"header_row: {layout.header}"]
    if proposal.key:
        lines.append(f"key: {_quote_yaml(proposal.key)}")
    if proposal.day_numbers:
        lines.append(f"# {_DAY_NUMBERS(lang).format(count=proposal.day_numbers)}")
        lines.append('day_numbers: "1900"')
    lines.append("columns:")
    for column in proposal.columns:
        lines += _format_column(column, vocabulary, lang)
    if proposal.lacking:
        lines += [f"# {_ASSUME(lang)}", "assume:"]
        lines += [
            f"  {fact}: unknown  # {vocabulary[fact].label(lang)}" for fact in proposal.lacking
        ]
    return "\n".join(lines) + "\n"


def _format_column(column: ProposedColumn, vocabulary: Vocabulary, lang: Lang) -> Sequence[str]:
    fact = vocabulary.get(column.fact)
    label = f"  # {fact.label(lang)}" if fact else ""
    if column.candidates:
        label = f"  # {join_list(column.candidates)(lang)}"
    shown = _quote_yaml(UNDECIDED) if column.fact == UNDECIDED else column.fact or "null"
    lines = [
        f"  - column: {_quote_yaml(column.column)}",
        f"    fact: {shown}{label}",
        f"    confidence: {column.confidence}",
        f"    because: {_quote_yaml(BECAUSE[column.because](lang))}",
    ]
    if column.answers and fact:
        options = join_list([f"{o.id} {o.label(lang)}" for o in fact.options])(lang)
        lines.append(f"    answers:  # {options or 'true, false'}")
        lines += [f"      {_quote_yaml(v)}: {_quote_yaml(a)}" for v, a in column.answers.items()]
    return lines


def _quote_yaml(text: str) -> str:
    """A text as YAML takes it whatever is in it."""
    return json.dumps(text, ensure_ascii=False)
