"""The state of background work, and what could not be delivered."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jifen.office.administration.failed_deliveries import list_failed_deliveries, try_again
from jifen.office.operate.heartbeats import list_dead, list_running
from jifen.office.operate.queues import QUEUES, count_queue
from jifen.office.web.administration.door import list_administered_cities, show_administration
from jifen.office.web.data_access import log_look
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of
from jifen.policy.text import Lang, Text

QUEUE_WORDS = {
    "messages": Text("短信、邮件和群消息", "Messages"),
    "webhooks": Text("推送给单位系统", "Webhooks of units"),
    "papers": Text("制作文书", "Papers"),
    "scans": Text("材料查毒", "Scans of documents"),
    "registers": Text("查询登记信息", "Questions to registers"),
    "workbooks": Text("导入批量表格", "Workbooks"),
    "simulations": Text("政策测算", "Simulations"),
}
PROCESS_WORDS = {
    "worker": Text("后台进程", "Worker"),
    "simulation": Text("测算进程", "Simulation process"),
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show_background(request: HttpRequest) -> HttpResponse:
    """Processes, queues and failed deliveries; a failed one is tried again."""
    cities = list_administered_cities(request)
    if request.method == "POST":
        _try_again(request, cities)
        return go(reverse("background"))
    now, lang = timezone.now(), lang_of(request)
    failed = list_failed_deliveries(cities)
    if failed:
        log_look(request, f"user:{user_of(request).pk}", "failed deliveries", city=cities[0])
    context = {
        "processes": _list_processes(now, lang),
        "queues": [_describe_queue(kind.name, count_queue(kind, now), lang) for kind in QUEUES],
        "failed": failed,
    }
    return show_administration(request, "administration/background.html", context)


def _try_again(request: HttpRequest, cities: list[str]) -> None:
    source, _, number = request.POST.get("which", "").partition(":")
    try_again(user_of(request), cities, source, whole_number(number) or 0)
    words = Text(
        "已排入发送，稍后由后台进程发出。夜间（21 点至次日 8 点）的，早上发出。",
        "It is due again; background work sends it in a moment, or in the morning after 21:00.",
    )
    say(request, words)


def _list_processes(now: datetime, lang: Lang) -> list[dict[str, Any]]:
    rows = [(row, False) for row in list_running(now)] + [(row, True) for row in list_dead(now)]
    return [
        {
            "kind": PROCESS_WORDS[row.kind](lang) if row.kind in PROCESS_WORDS else row.kind,
            "name": row.name,
            "beat_at": row.beat_at,
            "step": row.step,
            "step_since": row.step_since,
            "failing": ", ".join(map(str, row.failing)),
            "dead": dead,
        }
        for row, dead in rows
    ]


def _describe_queue(name: str, count: Any, lang: Lang) -> dict[str, Any]:
    return {
        "name": QUEUE_WORDS[name](lang),
        "count": count,
        "oldest_minutes": int(count.oldest_seconds // 60),
    }
