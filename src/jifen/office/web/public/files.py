"""The visitor's own file of facts: written, and read back, in the contract's format."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import yaml
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from jifen.facts.fault_translation import translate_faults
from jifen.facts.unknown_facts import describe_unknown_facts, is_unique_to_city
from jifen.facts.values import BadValue, coerce_value
from jifen.policy.fault import DocumentError
from jifen.policy.source import decode_bytes, parse_yaml
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.json_values import to_json_value

LARGEST = 1_000_000
_READ_THROUGH = 20_000_000
_READING = re.compile(r"# reading: ([\w-]{1,60})=([\w-]{1,60})\s*\Z")
_AS_OF = re.compile(r"# as of: (\d{4}-\d{2}-\d{2})\s*\Z")


class UnreadableFile(ValueError):
    """A file that holds no facts of this city; `words` say why and what to do; `city`: the one for
    which it was made, and `facts` what it holds."""

    def __init__(self, words: Text, city: str = "", facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(words.en)
        self.words, self.city, self.facts = words, city, facts or {}


def write(given: Mapping[str, Any], vocabulary: Vocabulary, head: str) -> str:
    """Facts as YAML; a value with a fault is written as it was typed."""
    typed = {ident: _typed(vocabulary, ident, value) for ident, value in given.items()}
    body = yaml.safe_dump(typed, allow_unicode=True, sort_keys=False) if typed else "{}\n"
    return "".join(f"# {line}\n" for line in head.splitlines()) + body


def _typed(vocabulary: Vocabulary, ident: str, value: Any) -> Any:
    fact = vocabulary.get(ident)
    if fact is None or fact.is_record or value is None:
        return value
    try:
        read = coerce_value(fact, value)
    except BadValue:
        return value
    if isinstance(read, date):
        return read
    return list(read) if isinstance(read, tuple) else to_json_value(read)


def too_large() -> UnreadableFile:
    """The fault of a file that is not read because of its size."""
    return UnreadableFile(
        Text(
            "文件超过 1 MB，没有读取。一个人的资料通常只有几千字节，请确认没有选错文件。",
            "The file is larger than 1 MB and was not read. One person's facts are a few "
            "kilobytes: check that it is the right file.",
        )
    )


def read_bytes(raw: bytes) -> dict[str, Any]:
    """The facts of a YAML or JSON text. Raises UnreadableFile."""
    try:
        read = parse_yaml(decode_bytes(raw, "facts"), "facts").to_plain()
    except DocumentError as error:
        raise UnreadableFile(_words(error)) from None
    if not isinstance(read, dict) or not read:
        raise UnreadableFile(
            Text(
                "文件里没有找到资料。应为“名称： 值”的列表，例如 birth_date: 1990-05-01。",
                "No facts were found in the file. Expected lines such as birth_date: 1990-05-01.",
            )
        )
    return read


def _words(error: DocumentError) -> Text:
    fault, chinese = error.faults[0], translate_faults(error, "zh").faults[0]
    line, column, code = fault.place.line, fault.place.column, fault.code
    found = Text(chinese.found, fault.found)
    expected = Text(chinese.expected, fault.expected)
    remedy = Text(chinese.remedy, fault.remedy)
    return Text(
        f"文件没有读懂（第 {line} 行，第 {column} 列，{code}）："
        f"发现{found.zh}；应为{expected.zh}。请{remedy.zh}。",
        f"The file could not be read (line {line}, column {column}, {code}): found {found.en}; "
        f"expected {expected.en}. To do: {remedy.en}.",
    )


_KEPT_LINES = Text(
    "以“# as of:”和“# reading:”开头的行记下测算日期和所选的读法，导入时照此恢复。",
    "The lines '# as of:' and '# reading:' keep the day and the readings chosen; "
    "loading the file brings them back.",
)
"""Stands in a saved file in both languages."""


def head(city: str, version: str, on: date, readings: Mapping[str, str], lang: Lang) -> str:
    """The comment at the top of a saved file; the day and the readings are read back from it."""
    title = Text(
        f"积分自测资料：{city}，{version} 版，测算日期 {on}。只保存在您自己的设备上。",
        f"Facts of a self-assessment: {city}, version {version}, as of {on}. Kept by you alone.",
    )(lang)
    return "\n".join(
        (
            title,
            _KEPT_LINES.zh,
            _KEPT_LINES.en,
            f"as of: {on}",
            *(f"reading: {switch}={reading}" for switch, reading in readings.items()),
        )
    )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds: facts, and in the comments of its head the day and the readings."""

    facts: dict[str, Any]
    as_of: str
    readings: dict[str, str]


def read_request(request: HttpRequest) -> Loaded:
    """The content of the file in a request. Raises UnreadableFile."""
    raw = _uploaded(request)
    facts, as_of, readings = read_bytes(raw), "", {}
    for line in raw.decode("utf-8-sig").splitlines()[:60]:
        if not line.startswith("#"):
            break
        if found := _AS_OF.match(line):
            as_of = found[1]
        elif found := _READING.match(line):
            readings[found[1]] = found[2]
    return Loaded(facts, as_of, readings)


def refuse_other_city(loaded: Loaded, vocabulary: Vocabulary) -> None:
    """A file with facts that only another city asks for, and none that only this one does, is not
    taken in. Raises UnreadableFile."""
    unknown = [ident for ident in loaded.facts if ident not in vocabulary]
    foreign = [f for f in describe_unknown_facts(vocabulary, unknown) if f.code == "JF-F013"]
    own = (ident for ident in loaded.facts if ident in vocabulary)
    if foreign and not any(is_unique_to_city(ident, vocabulary) for ident in own):
        names = Counter(
            name for ident in unknown for name, _ in vocabulary.find_other_cities(ident)
        )
        city = names.most_common(1)[0][0]
        raise UnreadableFile(
            Text(foreign[0].to_sentence("zh"), foreign[0].to_sentence("en")), city, loaded.facts
        )


class _Bounded(FileUploadHandler):
    """Keeps the start of a file, lets the rest pass: the form beside it still arrives whole."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= LARGEST:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name or "", self.content_type, file_size, None
        )


def take_in(request: HttpRequest) -> bool:
    """Prepare to read a form with a file of any size. False: too large even to let it pass.

    The whole body is read before the answer, because a browser that is still sending shows a
    broken connection instead of what is said.
    """
    request.upload_handlers = [_Bounded(request)]
    return int(request.META.get("CONTENT_LENGTH") or 0) <= _READ_THROUGH


def decode_request(request: HttpRequest) -> str:
    """The text of the file in a request. Raises UnreadableFile."""
    try:
        return decode_bytes(_uploaded(request), "facts")
    except DocumentError as error:
        raise UnreadableFile(_words(error)) from None


def _uploaded(request: HttpRequest) -> bytes:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or not upload.size:
        raise UnreadableFile(
            Text("没有收到文件。请先选择一个文件。", "No file arrived. Choose a file first.")
        )
    if upload.size > LARGEST:
        raise too_large()
    raw: bytes = upload.read()
    return raw
