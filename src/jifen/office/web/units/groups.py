"""The group chats that an employer wants to be told in."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jifen.office.messages.groups import add_group, end_group
from jifen.office.registry.access import access_unit
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, say, signed_in, user_of, work_page
from jifen.policy.text import Text


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def manage_groups(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that are told, by their names: an address is a key, and is not shown again."""
    user, post = user_of(request), request.POST
    unit = access_unit(user, pk, admin=True)
    group_pk = whole_number(post.get("which", ""))
    if request.method == "POST" and group_pk is not None:
        end_group(user, unit, group_pk)
        say(request, Text("已停用。", "Ended."))
        return go(reverse("unit_groups", args=[pk]))
    if request.method == "POST":
        fields = (post.get(name, "") for name in ("label", "address", "secret"))
        add_group(user, unit, *fields)
        say(request, Text("已添加，以后的消息也发到这个群。", "Added: it is told from now on."))
        return go(reverse("unit_groups", args=[pk]))
    rows = unit.group_addresses.filter(ended_at__isnull=True).select_related("made_by")
    return work_page(request, "units/groups.html", {"unit": unit, "rows": rows.order_by("id")})
