"""The visitor's own file of facts: written, and read back, in the contract's format."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from jifen.facts.values import BadValue, coerce
from jifen.policy.fault import DocumentError
from jifen.policy.source import decode, parse
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.result import plain_value

LARGEST = 1_000_000


class UnreadableFile(ValueError):
    """A file that holds no facts; `words` say why and what to do."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


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
        read = coerce(fact, value)
    except BadValue:
        return value
    if isinstance(read, date):
        return read
    return list(read) if isinstance(read, tuple) else plain_value(read)


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
        read = parse(decode(raw, "facts"), "facts").plain()
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
    fault = error.faults[0]
    where = f"{fault.place.line}:{fault.place.column}"
    return Text(
        f"文件没有读懂（第 {fault.place.line} 行，第 {fault.place.column} 列，{fault.code}）："
        f"发现 {fault.found}；应为 {fault.expected}。请{fault.remedy}。",
        f"The file could not be read ({where}, {fault.code}): found {fault.found}; expected "
        f"{fault.expected}. To do: {fault.remedy}.",
    )


def head(city: str, version: str, on: date, lang: Lang) -> str:
    """The comment at the top of a saved file."""
    return Text(
        f"积分自测资料：{city},{version} 版，评估日 {on}。只保存在您自己的设备上。",
        f"Facts of a self-assessment: {city}, version {version}, as of {on}. Kept by you alone.",
    )(lang)


def read_request(request: HttpRequest) -> dict[str, Any]:
    """The facts of the file in a request. Raises UnreadableFile."""
    return read_bytes(_uploaded(request))


def decode_request(request: HttpRequest) -> str:
    """The text of the file in a request. Raises UnreadableFile."""
    try:
        return decode(_uploaded(request), "facts")
    except DocumentError as error:
        raise UnreadableFile(_words(error)) from None


def _uploaded(request: HttpRequest) -> bytes:
    # A body that is far too large is not even taken in.
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + 100_000:
        raise too_large()
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or not upload.size:
        raise UnreadableFile(
            Text("没有收到文件。请先选择一个文件。", "No file arrived. Choose a file first.")
        )
    if upload.size > LARGEST:
        raise too_large()
    raw: bytes = upload.read()
    return raw
