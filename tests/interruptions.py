"""Ctrl-C at every step of a piece of work, one run for each; or at one step of a command."""

import gc
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

MOST_STEPS = 20_000


class _Interruption:
    """A trace function that interrupts at one step of the watched modules."""

    def __init__(self, watched: frozenset[str], at: int, kind: str) -> None:
        self._watched, self._left, self._kind = watched, at, kind
        self.where = ""

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Any:
        del event, argument
        if frame.f_code.co_filename not in self._watched:
            return None
        frame.f_trace_opcodes = self._kind == "opcode"
        return self._step

    def _step(self, frame: FrameType, event: str, argument: Any) -> Any:
        del argument
        if event == self._kind:
            self._left -= 1
            if self._left < 0:
                self.where = f"{frame.f_code.co_qualname}, line {frame.f_lineno}"
                raise KeyboardInterrupt
        return self._step


def interrupted_at_every_step(
    work: Callable[[], object], *modules: ModuleType, lines: bool = False
) -> Iterator[str]:
    """Do the work again and again, interrupted one instruction (or line) of these modules later
    each time, until it ends by itself; after each interruption, where it was."""
    watched = frozenset(str(module.__file__) for module in modules)
    kind = "line" if lines else "opcode"
    gc.freeze()  # what was there before is not looked through after every step
    try:
        if sys.version_info >= (
            3,
            13,
        ):  # it shows the instructions of a function from its second run
            _interrupted(work, _Interruption(watched, MOST_STEPS, kind))
        for at in range(MOST_STEPS):
            where = _interrupted(work, _Interruption(watched, at, kind))
            if not where:
                assert at > 0, "no step of these modules was seen"
                return
            gc.collect()
            yield where
    finally:
        gc.unfreeze()
    raise AssertionError(f"the work takes more than {MOST_STEPS} steps")


def _interrupted(work: Callable[[], object], interruption: _Interruption) -> str:
    before = sys.gettrace()
    # Python 3.12 looks whether any frame asks for instructions when tracing begins, not later
    sys._getframe().f_trace_opcodes = True
    sys.settrace(interruption)
    try:
        work()
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
    return interruption.where


_AFTER_A_STEP = """
import os, resource, signal, sys
from importlib import import_module
from jifen.cli import main

module, kind, method, then = sys.argv[1:5]
del sys.argv[1:5]
owner = getattr(import_module(module), kind)
plain = getattr(owner, method)

def followed(*given, **more):
    answer = plain(*given, **more)
    exec(then)
    return answer

setattr(owner, method, followed)
# as for a command in a terminal: what a shell starts in the background ignores Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
_FULL = "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))"


def run_interrupted(
    step: tuple[str, str, str], number: signal.Signals, *words: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run `jifen` in a process of its own, which gets a signal after a step (module, class and
    method), as it would from outside."""
    return _run_with(step, f"os.kill(os.getpid(), {int(number)})", words)


def run_on_a_full_disk(
    step: tuple[str, str, str], *words: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run `jifen` in a process of its own, for which the disk is full after a step: no file takes
    more than a thousand bytes. Not before: Python would cut off the modules that it compiles."""
    return _run_with(step, _FULL, words)


def _run_with(
    step: tuple[str, str, str], then: str, words: tuple[str | Path, ...]
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "-c", _AFTER_A_STEP, *step, then, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
