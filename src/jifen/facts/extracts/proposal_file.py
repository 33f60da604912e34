"""A proposed mapping as the file that a person reads, corrects and gives to a run."""

import json
from collections.abc import Sequence

from jifen.facts.extracts.mapping import UNDECIDED
from jifen.facts.extracts.proposal import MappingProposal, ProposedColumn
from jifen.policy.catalogue import join_list
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary

BECAUSE = {
    "label": Text("列名是事实的编号或名称", "its name is the id or the label of the fact"),
    "key": Text("列名是人员编号", "its name is that of a key"),
    "values": Text("按其中的值判断", "by its values"),
    "name": Text("登记表常用的别名，值也相符", "a name that registers use, and its values fit"),
    "resembles": Text(
        "列名与事实的名称相近，值也相符", "its name resembles the label, and its values fit"
    ),
    "several": Text("可以是几项事实", "it may be several facts"),
    "double": Text("另有一列是同一项事实", "another column is the same fact"),
    "none": Text("不是本市的事实，原样带出", "no fact of the city; carried through"),
}
_HEAD = Text(
    "由 jifen facts map 提出，请逐项核对。“?” 的地方须由了解数据的人填写，填完才能运行：\n"
    "  jifen score {city} {file} --on 日期 --map 本文件 -o 结果.parquet",
    "Proposed by jifen facts map: read it and correct it. Who knows the data fills in each\n"
    '"?"; then: jifen score {city} {file} --on DATE --map THIS_FILE -o result.parquet',
)
_REGISTER = Text(
    "由 jifen facts map 提出，请逐项核对。“?” 的地方须由了解数据的人填写，填完才能运行：\n"
    "  jifen facts derive {city} {file} --on 日期 --map 本文件 -o 事实.parquet",
    "Proposed by jifen facts map: read it and correct it. Who knows the data fills in each\n"
    '"?"; then: jifen facts derive {city} {file} --on DATE --map THIS_FILE -o facts.parquet',
)
_DAY_NUMBERS = Text(
    "{count} 个日期是电子表格的序号；1904 是旧版 Mac 工作簿的日期系统",
    "{count} days are numbers of a spreadsheet; 1904 is the system of old workbooks of the Mac",
)
_ASSUME = Text(
    "文件中没有的事实：unknown 表示未知", "facts without a column; unknown: nobody knows"
)


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
