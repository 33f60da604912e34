"""Processes are started when needed, replaced when they are gone, and never left behind."""

import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from jifen.policy.text import Text
from jifen.reader.documents import draw_page, inspect_document
from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.limits import ReaderLimits
from jifen.reader.pool import ReaderPool, read_pool_size, shared_pool
from jifen.reader.refusal_messages import explain_refusal
from tests.world.hostile import nested_pdf, slow_pdf

PLAIN = nested_pdf(1, 1)
LONG = ReaderLimits(processor=60, wall=60.0)


def _wait_for_end(*numbers: int) -> None:
    """Until these processes are no more."""
    for number in numbers:
        try:
            process = os.pidfd_open(number)
        except ProcessLookupError:
            continue
        watch = select.poll()
        watch.register(process, select.POLLIN)
        assert watch.poll(60_000), f"process {number} goes on"
        os.close(process)


def _is_there(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_process_that_was_killed_while_it_waited_is_replaced(pool: ReaderPool) -> None:
    assert inspect_document(PLAIN, "pdf", pool=pool).pages == 1
    (before,) = pool.list_process_ids()
    os.kill(before, signal.SIGKILL)
    assert inspect_document(PLAIN, "pdf", pool=pool).pages == 1
    assert before not in pool.list_process_ids()


def test_threads_share_a_few_processes(pool: ReaderPool) -> None:
    with ThreadPoolExecutor(6) as threads:
        sizes = list(threads.map(lambda _: len(draw_page(PLAIN, "pdf", pool=pool)), range(12)))
    assert len(set(sizes)) == 1
    assert 1 <= len(pool.list_process_ids()) <= 2


def test_who_finds_all_at_work_is_told_so_and_a_closed_pool_leaves_nothing() -> None:
    pool, reasons = ReaderPool(size=1, patience=0.0), list[RefusalReason]()

    def hold() -> None:
        try:
            draw_page(slow_pdf(), "pdf", limits=LONG, pool=pool)
        except RefusedFile as fault:
            reasons.append(fault.reason)

    holder = threading.Thread(target=hold)
    holder.start()
    while not pool.list_process_ids():
        assert holder.is_alive()
    numbers = pool.list_process_ids()
    with pytest.raises(RefusedFile) as caught:
        inspect_document(PLAIN, "pdf", pool=pool)
    assert explain_refusal(caught.value, Text("", "")) == Text(
        "现在打开文件的人较多，您的文件没有问题。请稍后再试。",
        "Many files are being opened just now; yours is not at fault. Try again in a moment.",
    )
    pool.close()
    holder.join()
    assert reasons == [RefusalReason.BUSY]
    assert [number for number in numbers if _is_there(number)] == []


_ASKS = """
import sys
from jifen.reader.documents import inspect_document
from jifen.reader.pool import shared_pool
inspect_document(bytes.fromhex(sys.argv[1]), "pdf")
print(*shared_pool().list_process_ids(), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, None], ids=["killed", "ended"])
def test_no_process_outlives_the_one_that_asked(end: signal.Signals | None) -> None:
    command = [sys.executable, "-c", _ASKS, PLAIN.hex()]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as asker:
        assert asker.stdout is not None
        (number,) = map(int, asker.stdout.readline().split())
        assert _is_there(number)
        if end:
            asker.send_signal(end)
        asker.communicate()
    _wait_for_end(number)


def test_the_number_of_processes_is_said_by_the_installation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for given, many in (("", 2), ("1", 1), ("16", 16)):
        monkeypatch.setenv("JIFEN_READERS", given)
        assert read_pool_size() == many
    for wrong in ("0", "17", "two", "-1"):
        monkeypatch.setenv("JIFEN_READERS", wrong)
        with pytest.raises(ValueError, match="from 1 to 16"):
            read_pool_size()
    monkeypatch.undo()
    assert shared_pool() is shared_pool()
