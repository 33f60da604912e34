"""Memory, processor and time are bounded; a job that goes beyond ends, and another one begins."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jifen.policy.text import Text
from jifen.reader.documents import draw_page, inspect_document
from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.limits import MIB, ReaderLimits
from jifen.reader.pool import ReaderPool
from jifen.reader.refusal_messages import explain_refusal
from jifen.reader.workbooks import WorkbookBounds, read_sheet
from tests.world.hostile import far_cell, large_png, nested_pdf, slow_pdf

PLAIN = nested_pdf(1, 1)


def _reason(
    pool: ReaderPool, content: bytes, limits: ReaderLimits, kind: str = "pdf"
) -> RefusalReason:
    with pytest.raises(RefusedFile) as caught:
        draw_page(content, "png" if kind == "png" else "pdf", limits=limits, pool=pool)
    return caught.value.reason


def test_a_job_that_takes_too_long_ends_and_the_next_one_is_done(pool: ReaderPool) -> None:
    assert _reason(pool, slow_pdf(), ReaderLimits(processor=1)) is RefusalReason.TOO_SLOW
    assert draw_page(PLAIN, "pdf", pool=pool)
    (before,) = pool.list_process_ids()
    assert _reason(pool, slow_pdf(), ReaderLimits(wall=0.3)) is RefusalReason.TOO_SLOW
    assert draw_page(PLAIN, "pdf", pool=pool)
    assert before not in pool.list_process_ids()


def test_a_job_that_takes_too_much_memory_ends(pool: ReaderPool) -> None:
    assert inspect_document(large_png(), "png", pool=pool).width == 6_000
    assert _reason(pool, large_png(), ReaderLimits(memory=120 * MIB), "png") is RefusalReason.MEMORY


def test_a_job_that_crashes_is_a_refusal_and_its_process_is_replaced(pool: ReaderPool) -> None:
    assert draw_page(PLAIN, "pdf", pool=pool)
    (before,) = pool.list_process_ids()
    with pytest.raises(RefusedFile) as caught:  # without the bound, the library asks for 550 GB
        read_sheet(far_cell(), bounds=WorkbookBounds(cells=10**12), pool=pool)
    assert caught.value.reason is RefusalReason.CRASHED
    assert explain_refusal(caught.value, Text("", "")) == Text(
        "此文件无法安全打开，可能已损坏。请重新导出、扫描或拍照后再试。",
        "The file cannot be opened safely; it may be damaged: export, scan or photograph it again.",
    )
    assert draw_page(PLAIN, "pdf", pool=pool)
    assert before not in pool.list_process_ids()


def test_an_answer_larger_than_was_asked_for_is_not_taken(pool: ReaderPool) -> None:
    few = ReaderLimits(answer=-(64 * 1024) + 10)
    assert _reason(pool, PLAIN, few) is RefusalReason.CRASHED


def test_a_job_that_there_is_not_is_a_refusal(pool: ReaderPool) -> None:
    with pytest.raises(RefusedFile) as caught:
        pool.ask("read my mail", b"", {}, ReaderLimits())
    assert caught.value.reason is RefusalReason.CRASHED


_TRIES = """
import socket, subprocess, sys
from pathlib import Path
from jifen.reader.confinement import confine_process
from jifen.reader.limits import ReaderLimits

target = Path(sys.argv[1])
confine_process(ReaderLimits())
for attempt in (
    socket.socket,
    lambda: socket.socketpair(),
    lambda: subprocess.run(["true"], check=True),
    lambda: target.write_text("x"),
    lambda: [target.open() for _ in range(100)],
):
    try:
        attempt()
    except OSError as error:
        print(type(error).__name__, error.errno)
"""


def test_a_job_has_no_network_starts_nothing_and_writes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "written"
    ran = subprocess.run(
        [sys.executable, "-c", _TRIES, str(target)], capture_output=True, text=True, check=True
    )
    refused, too_large, too_many = "PermissionError 1", "OSError 27", "OSError 24"
    assert ran.stdout.splitlines() == [refused, refused, refused, too_large, too_many]
    assert target.read_text(encoding="utf-8") == ""


def test_a_reading_process_is_given_no_secret(
    pool: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "not-for-you")
    own = ReaderPool(size=1)
    try:
        draw_page(PLAIN, "pdf", pool=own)
        (number,) = own.list_process_ids()
        given = Path(f"/proc/{number}/environ").read_bytes()
    finally:
        own.close()
    assert b"PATH=" in given
    assert b"not-for-you" not in given
    assert os.environ["SECRET_KEY"] == "not-for-you"
