"""What the frame of a sign-in page needs: the head, the foot and the switches of every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.safestring import mark_safe

from jifen.office.accounts.signin import middleware
from jifen.office.web.page import frame_of, template_of
from jifen.office.web.preferences import preferences


def frame(request: HttpRequest) -> dict[str, Any]:
    """The pieces of our own frame, made by our own templates."""
    chosen = preferences(request)
    shown = frame_of(request)

    def piece(name: str) -> str:
        body = template_of(chosen.lang, f"frame/{name}.html").render(frame=shown)
        return mark_safe(body)

    return {
        "frame_head": lambda: piece("head"),
        "frame_top": lambda: piece("top"),
        "frame_foot": lambda: piece("foot"),
        "frame_lang": "en" if chosen.lang == "en" else "zh-CN",
        "frame_elder": shown.elder,
        "has_first_password": middleware.has_first_password(request),
        "needs_second_factor": middleware.needs_second_factor(request),
    }
