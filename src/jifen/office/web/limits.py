"""How often somebody may ask, and whose address it is that asks."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils import timezone

from jifen.office.accounts.signin.sources import source_of, to_network
from jifen.office.notices.rate_limits import EVERYBODY, add_count


def within(request: HttpRequest, what: str, each: int, all_: int) -> bool:
    """Whether one more request is within `each` a minute for its address, and `all_` for all of
    them together."""
    now = timezone.now()
    return (
        add_count(what, source_of(request), now) <= each and add_count(what, EVERYBODY, now) <= all_
    )


def network_of(request: HttpRequest) -> str:
    """The network of an address: enough to recognise, too little to find somebody."""
    return to_network(str(get_adapter().get_client_ip(request)), 16, 40)
