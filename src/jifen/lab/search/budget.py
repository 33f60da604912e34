"""How long a search may go on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass
class Budget:
    """Seconds and scored variants after which a search ends with what it has."""

    seconds: float = 60.0
    variants: int = 1_000_000
    clock: Callable[[], float] = monotonic
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def has_left(self, scored: int) -> bool:
        """Whether the search may go on after so many variants."""
        return scored < self.variants and self.clock() - self._began < self.seconds
