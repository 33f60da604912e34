"""What a job may use."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """`memory`: bytes of address space, the interpreter's included (about 100 MiB); `processor`:
    whole seconds; `wall`: seconds until the process is killed whatever it does; `answer`: bytes of
    what it hands back."""

    memory: int = 1024 * MIB
    processor: int = 8
    wall: float = 20.0
    answer: int = 64 * MIB
