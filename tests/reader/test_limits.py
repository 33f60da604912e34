"""Memory, processor and time are bounded; a job that goes beyond ends, and another one begins."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jifen.policy.text import Text
from jifen.reader.documents import draw, look
from jifen.reader.faults import NotRead, Reason
from jifen.reader.limits import MIB, Limits
from jifen.reader.pool import Pool
from jifen.reader.words import words_of
from jifen.reader.workbooks import Bounds, read_sheet
from tests.world.hostile import far_cell, large_png, nested_pdf, slow_pdf

PLAIN = nested_pdf(1, 1)


def _reason(pool: Pool, content: bytes, limits: Limits, kind: str = "pdf") -> Reason:
    with pytest.raises(NotRead) as caught:
        draw(content, "png" if kind == "png" else "pdf", limits=limits, pool=pool)
    return caught.value.reason


def test_a_job_that_takes_too_long_ends_and_the_next_one_is_done(pool: Pool) -> None:
    assert _reason(pool, slow_pdf(), Limits(processor=1)) is Reason.TOO_SLOW
    assert draw(PLAIN, "pdf", pool=pool)
    (before,) = pool.numbers()
    assert _reason(pool, slow_pdf(), Limits(wall=0.3)) is Reason.TOO_SLOW
    assert draw(PLAIN, "pdf", pool=pool)
    assert before not in pool.numbers()


def test_a_job_that_takes_too_much_memory_ends(pool: Pool) -> None:
    assert look(large_png(), "png", pool=pool).width == 6_000
    assert _reason(pool, large_png(), Limits(memory=120 * MIB), "png") is Reason.MEMORY


def test_a_job_that_crashes_is_a_refusal_and_its_process_is_replaced(pool: Pool) -> None:
    assert draw(PLAIN, "pdf", pool=pool)
    (before,) = pool.numbers()
    with pytest.raises(NotRead) as caught:  # without the bound, the library asks for 550 GB
        read_sheet(far_cell(), bounds=Bounds(cells=10**12), pool=pool)
    assert caught.value.reason is Reason.CRASHED
    assert words_of(caught.value, Text("", "")) == Text(
        "此文件无法安全打开，可能已损坏。请重新导出、扫描或拍照后再试。",
        "The file cannot be opened safely; it may be damaged: export, scan or photograph it again.",
    )
    assert draw(PLAIN, "pdf", pool=pool)
    assert before not in pool.numbers()


def test_an_answer_larger_than_was_asked_for_is_not_taken(pool: Pool) -> None:
    few = Limits(answer=-(64 * 1024) + 10)
    assert _reason(pool, PLAIN, few) is Reason.CRASHED


def test_a_job_that_there_is_not_is_a_refusal(pool: Pool) -> None:
    with pytest.raises(NotRead) as caught:
        pool.ask("read my mail", b"", {}, Limits())
    assert caught.value.reason is Reason.CRASHED


_TRIES = """
import socket, subprocess, sys
from pathlib import Path
from jifen.reader.confine import confine
from jifen.reader.limits import Limits

target = Path(sys.argv[1])
confine(Limits())
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


def test_a_reading_process_is_given_no_secret(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not-for-you")
    own = Pool(size=1)
    try:
        draw(PLAIN, "pdf", pool=own)
        (number,) = own.numbers()
        given = Path(f"/proc/{number}/environ").read_bytes()
    finally:
        own.close()
    assert b"PATH=" in given
    assert b"not-for-you" not in given
    assert os.environ["SECRET_KEY"] == "not-for-you"
