"""A text is read in its own encoding, and one that changes on the way is refused with its row."""

from io import BytesIO
from pathlib import Path

import pytest

from jifen.facts.extracts.encoding import TextStream
from jifen.facts.extracts.fault import ExtractFault

TEXT = "姓名,年龄\n张三,３５\n李四,\n" * 3000
AS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "gb18030": "gb18030",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}


def read(content: bytes, size: int = 4096, encoding: str = "") -> tuple[str, str]:
    stream = TextStream(BytesIO(content), Path("f.csv"), encoding)
    parts = list(iter(lambda: stream.read(size), b""))
    return b"".join(parts).decode("utf-8"), stream.encoding


@pytest.mark.parametrize("encoding", AS)
@pytest.mark.parametrize("size", [7, 4096, 1 << 20])
def test_every_encoding_gives_the_same_text(encoding: str, size: int) -> None:
    text, found = read(TEXT.encode(encoding), size)
    assert text == TEXT
    assert found == AS[encoding]


def test_gbk_and_gb2312_are_read_as_gb18030() -> None:
    for encoding in ("gbk", "gb2312"):
        assert read(TEXT.encode(encoding).replace("３".encode(encoding), b"3"))[1] == "gb18030"


def test_a_file_that_begins_with_ascii_is_told_by_what_follows() -> None:
    begin = "id,name\n" + "1,a\n" * 50_000
    assert read((begin + "2,张\n").encode("gb18030")) == (begin + "2,张\n", "gb18030")
    assert read((begin + "2,张\n").encode()) == (begin + "2,张\n", "utf-8")
    assert read(begin.encode()) == (begin, "")


@pytest.mark.parametrize(("first", "second"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_a_change_of_encoding_is_refused_with_its_row(first: str, second: str) -> None:
    content = ("姓名\n" + "张三\n" * 9000).encode(first) + "龘龘龘€\n".encode(second)
    if second == "utf-8":
        content += b"\xff\xff\n"
    with pytest.raises(ExtractFault) as caught:
        read(content)
    fault = caught.value
    assert fault.code == "JF-F071"
    assert fault.line in (9002, 9003)
    assert f"bytes that are no {first}" in fault.words.en
    assert f"不符合 {first} 编码的字节" in fault.words.zh


def test_a_mapping_may_name_the_encoding() -> None:
    latin_like = "名\n".encode("gb18030")
    assert read(latin_like, encoding="gb18030")[0] == "名\n"
    assert read(b"\xef\xbb\xbf" + "名".encode(), encoding="utf-8")[0] == "名"
    with pytest.raises(ExtractFault, match="JF-F071"):
        read(latin_like, encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\x02\x00\x00\x03" * 500, "what is no text (it holds zero bytes)"),
        (TEXT.encode("utf-32"), "text in UTF-32"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(ExtractFault, match="JF-F070") as caught:
        read(content)
    assert words in caught.value.words.en
