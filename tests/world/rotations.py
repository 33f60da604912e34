"""Keys that are replaced, told to nobody."""

from jifen.office.site.rotation import notices, steps
from jifen.office.site.rotation.steps import RotationOutcome


def rotate(kind: str, *, announce_only: bool = False, name: str = "") -> RotationOutcome:
    """`jifen keys rotate KIND`, without its words."""
    if kind in notices.KINDS:
        notices.rotate_notice_key(kind, announce_only=announce_only, name=name, say=_nothing)
        return RotationOutcome(0, [])
    return steps.rotate_key(kind, announce_only=announce_only, say=_nothing, progress=_nothing)


def _nothing(*_: object) -> None:
    pass
