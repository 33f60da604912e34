"""Going to the provider, and coming back."""

import logging
from http import HTTPStatus
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import (
    OAuth2CallbackView,
    OAuth2LoginView,
    OAuth2View,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from jifen.office.accounts.openid.exchange import UnifiedIdentityExchange

logger = logging.getLogger("jifen.identity")


@login_not_required  # type: ignore[untyped-decorator] # carries no types
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider. A page leads there, not the answer to the form: browsers let a form of ours
    end at no other site (form-action of our content policy), whatever hosts the provider has."""
    response = _answer(OAuth2LoginView, request, provider_id)
    if response.status_code != HTTPStatus.FOUND:
        return response
    provider = UnifiedIdentityExchange(request, provider_id).get_provider()
    context = {"provider": provider, "address": response.headers["Location"]}
    return render(request, "socialaccount/leaving.html", context)


@login_not_required  # type: ignore[untyped-decorator] # carries no types
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider: signed in, or a page that says it failed."""
    return _answer(OAuth2CallbackView, request, provider_id)


def _answer(view: type[OAuth2View], request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider is away or describes itself wrongly, the page that says so."""
    exchange: Any = UnifiedIdentityExchange(request, provider_id)
    try:
        provider = exchange.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        response: HttpResponse = view.adapter_view(exchange)(request)
    except (OAuth2Error, RequestException) as error:
        logger.warning("the unified identity gave no answer: %s", type(error).__name__)
        response = render_authentication_error(request, provider, exception=error)
    return response
