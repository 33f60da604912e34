"""A worker that is killed, cases that it works on, and a disk that is full."""

import sys
from collections.abc import Callable, Iterator
from errno import ENOSPC
from itertools import count
from types import FrameType, ModuleType
from typing import Any
from uuid import uuid4

import pytest

from jifen.office.casework.models import Application, Decision
from jifen.office.uploads.fault import UploadFault
from tests.world.office import Office, person


class Killed(BaseException):
    """A process that ends in the middle: nothing catches it."""


def cases(many: int) -> list[Decision]:
    """Signed decisions of as many people, with the least that a notice needs."""
    office = Office()
    first = Decision.objects.get(application=office.decided(office.submitted()))
    made = [first]
    for number in range(2, many + 1):
        who = person(number, f"人{number}")
        application = Application.objects.get(pk=first.application_id)
        application.pk, application.key = None, uuid4()
        application.person, application.number = who, f"SH{number:09}"
        application.submit_key = ""
        application.save()
        decision = Decision.objects.get(pk=first.pk)
        decision.pk, decision.application = None, application
        decision.save()
        made.append(decision)
    return made


def full_at_every_step(work: Callable[[], object], *modules: ModuleType) -> Iterator[bool]:
    """Do the work again and again; the disk is full at one line of these modules, one line later
    each time, until the work ends before. After each, whether the work ended well."""
    watched = frozenset(str(module.__file__) for module in modules)
    for at in count():
        left = at

        def step(frame: FrameType, event: str, argument: Any) -> Any:
            nonlocal left
            del argument
            if frame.f_code.co_filename not in watched:
                return None
            if event == "line":
                left -= 1
                if left == -1:
                    raise OSError(ENOSPC, "No space left on device")
            return step

        sys.settrace(step)
        try:
            work()
            code = ""
        except UploadFault as fault:
            code = fault.code
        finally:
            sys.settrace(None)
        if left >= 0:
            assert at > 0, "no step of these modules was seen"
            return
        assert code in ("", "JF-U012")
        yield not code


def killed_at_every_call(work: Callable[[], object], *calls: tuple[object, str]) -> Iterator[None]:
    """Do the work again and again in a process that ends when one of these functions (a module or
    class, and a name) is called, or has just returned, one call later each time, until the work
    ends before."""
    for at in count():
        left = at

        def pass_by() -> None:
            nonlocal left
            left -= 1
            if left == -1:
                raise Killed

        def ending(plain: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                pass_by()
                result = plain(*args, **kwargs)
                pass_by()
                return result

            return call

        with pytest.MonkeyPatch.context() as patch:
            for where, name in calls:
                patch.setattr(where, name, ending(getattr(where, name)))
            try:
                work()
            except Killed:
                pass
            else:
                assert at > 0, "none of these was called"
                return
        yield
