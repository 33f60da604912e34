"""Whether the public was consulted on a draft. Consultations stand above the studio, so they say
how it is asked when they start."""

from collections.abc import Callable

from jifen.office.workshop.models import Draft

FindConsulted = Callable[[Draft], bool]
_ASKED: list[FindConsulted] = []


def ask_for_consultations(find: FindConsulted) -> None:
    """`find`: whether a consultation on a draft was answered. It raises StudioFault where one is
    not finished."""
    _ASKED[:] = [find]


def was_consulted(draft: Draft) -> bool:
    """Whether the public was consulted and answered. Raises StudioFault where that is not
    finished."""
    return any(find(draft) for find in _ASKED)
