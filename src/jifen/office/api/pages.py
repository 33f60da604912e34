"""The page on which an employer makes tokens and webhooks. It belongs to the API: pages of `web`
only link to its address."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jifen.office.api import tokens, webhooks
from jifen.office.api.models import Token, Webhook
from jifen.office.api.words import say
from jifen.office.registry.access import access_unit
from jifen.office.registry.models import Unit
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, signed_in, user_of, work_page
from jifen.office.web.signed import say as show_message


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def unit_tokens(request: HttpRequest, pk: int) -> HttpResponse:
    """Make and end tokens and webhooks; a secret is shown once."""
    unit = access_unit(user_of(request), pk, admin=True)
    if request.method == "POST":
        _handle_post(request, unit)
        return go(reverse("unit_tokens", args=[pk]))
    context = {
        "unit": unit,
        "tokens": Token.objects.filter(unit=unit, ended_at__isnull=True).select_related("user"),
        "hooks": Webhook.objects.filter(unit=unit, ended_at__isnull=True),
        "secret": request.session.pop(f"secret.{pk}", ""),
    }
    return work_page(request, "units/tokens.html", context)


def _handle_post(request: HttpRequest, unit: Unit) -> None:
    user, post = user_of(request), request.POST
    act, number = post.get("act", ""), whole_number(post.get("which", ""))
    if act == "token":
        scopes = ["read", "write"] if post.get("scope") == "write" else ["read"]
        _, secret = tokens.create_token(user, unit, post.get("name", ""), scopes)
        request.session[f"secret.{unit.pk}"] = secret
    elif act == "hook":
        _, secret = webhooks.add_webhook(user, unit, post.get("url", ""))
        request.session[f"secret.{unit.pk}"] = secret
    elif act == "end_token" and number is not None:
        if token := Token.objects.filter(unit=unit, pk=number).first():
            tokens.end_token(user, token)
            show_message(request, say("pages.token_has_ended"))
    elif act == "end_hook" and number is not None:
        webhooks.end_webhook(user, unit, number)
        show_message(request, say("pages.webhook_has_ended"))
