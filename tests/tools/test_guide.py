"""The guide is run from the page: what is run is what stands there."""

import re
import subprocess

import pytest

from tools.guide import FILLED_IN, GUIDE, read_sections, write_script

SECTIONS = read_sections(GUIDE.read_text(encoding="utf-8"))


def test_every_numbered_section_has_commands_in_order() -> None:
    assert [section.title.split(".", maxsplit=1)[0] for section in SECTIONS] == list("1234567")


def test_a_section_without_commands_is_named() -> None:
    with pytest.raises(ValueError, match=r"section '2\. Nothing' of the guide has no commands"):
        read_sections(
            "## 1. One\n```\ntrue\n```\n## 2. Nothing\nwords\n## Upgrading\n```\nx\n```\n"
        )


def test_what_is_run_is_what_stands_on_the_page() -> None:
    page = GUIDE.read_text(encoding="utf-8")
    for section in SECTIONS:
        for line in section.commands.splitlines():
            assert f"\n{line}\n" in page
    script = write_script(SECTIONS)
    assert "jifen-admin migrate\n" in script
    assert not [name for name in FILLED_IN if re.search(name, script)]


def test_the_script_is_read_by_a_shell() -> None:
    subprocess.run(["bash", "-n"], input=write_script(SECTIONS), text=True, check=True)


def test_the_chinese_guide_has_the_same_commands() -> None:
    chinese = GUIDE.parent / "zh" / GUIDE.name
    pages = [page.read_text(encoding="utf-8") for page in (GUIDE, chinese)]
    block = re.compile(r"^```\n.*?^```$", re.MULTILINE | re.DOTALL)
    english_blocks, chinese_blocks = map(block.findall, pages)
    assert english_blocks == chinese_blocks
    assert len(english_blocks) > 8
