"""Messages for whoever is signed in, and what they want to be told."""

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jifen.office.audit.writing import write_if_free
from jifen.office.messages.editions import render_message
from jifen.office.messages.models import Language, Message, OptOut
from jifen.office.registry.models import Person
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Text

PAGE = 50
CHOICES = (
    ("service", "sms", Text("提醒（短信）", "Reminders (SMS)")),
    ("service", "inbox", Text("提醒（站内信）", "Reminders (inbox)")),
    ("service", "email", Text("提醒（电子邮件）", "Reminders (e-mail)")),
    ("digest", "email", Text("每日摘要（电子邮件）", "Daily digest (e-mail)")),
)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """The messages, newest first; POST keeps what is wanted."""
    user, lang = user_of(request), lang_of(request)
    if request.method == "POST":
        _choose(request)
        say(request, Text("已保存。", "Saved."))
        return go(reverse("inbox"))
    rows = Message.objects.filter(user=user, channel="inbox").order_by("-id")
    before = whole_number(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = list(rows.select_related("application", "permit", "office_text")[:PAGE])
    found = [
        {
            "pk": row.pk,
            "at": timezone.localtime(row.made_at),
            "text": render_message(row, lang),
            "new": row.read_at is None,
            "key": row.application.key if row.application else None,
            "permit": row.permit_id,
        }
        for row in shown
    ]
    unread = [row.pk for row in shown if row.read_at is None]
    rows = Message.objects.filter(pk__in=unread)
    write_if_free(lambda: rows.update(read_at=timezone.now()))
    reads = Language.objects.filter(user=user).first()
    context = {"rows": found, "choices": _choices(request), "page": PAGE}
    context["reads"] = reads.lang if reads else "zh"
    return work_page(request, "yearly/inbox.html", context)


def _choices(request: HttpRequest) -> list[tuple[str, str, bool]]:
    lang, off = lang_of(request), set(_opted_out(request).values_list("group", "channel"))
    return [
        (f"{group}.{channel}", words(lang), (group, channel) not in off)
        for group, channel, words in CHOICES
    ]


def _opted_out(request: HttpRequest) -> "QuerySet[OptOut]":
    user = user_of(request)
    return OptOut.objects.filter(Q(user=user) | Q(person__user=user))


def _choose(request: HttpRequest) -> None:
    user = user_of(request)
    person = Person.objects.filter(user=user).first()
    wanted = set(request.POST.getlist("want"))
    if not wanted <= {f"{group}.{channel}" for group, channel, _ in CHOICES}:
        raise Http404
    if request.POST.get("lang") in ("zh", "en"):
        Language.objects.update_or_create(user=user, defaults={"lang": request.POST["lang"]})
    for group, channel, _ in CHOICES:
        # SMS goes to the person of the record, the other ways to whoever signs in
        whose = {"person": person} if channel == "sms" else {"user": user}
        if channel == "sms" and person is None:
            continue
        if f"{group}.{channel}" in wanted:
            OptOut.objects.filter(**whose, group=group, channel=channel).delete()
        else:
            OptOut.objects.get_or_create(**whose, group=group, channel=channel)
