"""Jifen (积分): residence-permit points, from the clause to the point and back.

The public API of the engine. Each name is loaded when it is first used, so that `import jifen` is
cheap and one person can be scored without NumPy:

    import jifen

    result = jifen.assess("shanghai", {"birth_date": "1990-05-01"}, "2025-06-01")
    result.bounds, result.missing

`cities` is the package of the cities; everything else is described in `jifen.public`
(one person) and `jifen.public_people` (many).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jifen import cities as cities
    from jifen.public import (
        Absent,
        NotInForce,
        assess,
        compare,
        in_force,
        load,
        plan,
        route,
    )
    from jifen.public_people import (
        Population,
        Scorer,
        fairness,
        quota,
        rake,
        reform,
        run,
        score,
        score_population,
        sweep,
        uncertainty,
        years,
    )

__version__ = "0.2.0"
__all__ = [
    "Absent",
    "NotInForce",
    "Population",
    "Scorer",
    "__version__",
    "assess",
    "cities",
    "compare",
    "fairness",
    "in_force",
    "load",
    "plan",
    "quota",
    "rake",
    "reform",
    "route",
    "run",
    "score",
    "score_population",
    "sweep",
    "uncertainty",
    "years",
]
_OF_MANY_PEOPLE = frozenset(
    {
        "Population",
        "Scorer",
        "fairness",
        "quota",
        "rake",
        "reform",
        "run",
        "score",
        "score_population",
        "sweep",
        "uncertainty",
        "years",
    }
)


def __getattr__(name: str) -> Any:
    if name == "cities":
        return import_module("jifen.cities")
    if name in __all__:
        module = "jifen.public_people" if name in _OF_MANY_PEOPLE else "jifen.public"
        return getattr(import_module(module), name)
    raise AttributeError(f"module 'jifen' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
