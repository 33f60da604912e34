"""How often somebody may ask, and whose address it is that asks."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils import timezone

from jifen.office.notices.limits import EVERYBODY, count


def within(request: HttpRequest, what: str, each: int, all_: int) -> bool:
    """Whether one more request is within `each` a minute for its address, and `all_` for all of
    them together."""
    now = timezone.now()
    return count(what, asker_of(request), now) <= each and count(what, EVERYBODY, now) <= all_


def asker_of(request: HttpRequest) -> str:
    """The address that asks, as the library of signing in finds it behind a city's proxy; of IPv6
    the network, as one household has very many addresses."""
    return _network(str(get_adapter().get_client_ip(request)), 32, 64)


def network_of(request: HttpRequest) -> str:
    """The network of an address: enough to recognise, too little to find somebody."""
    return _network(str(get_adapter().get_client_ip(request)), 16, 40)


def _network(address: str, four: int, six: int) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped  # a server that listens on both: else all of these are one
    kept = four if found.version == 4 else six
    return str(ip_network(f"{found}/{kept}", strict=False)).removesuffix("/32")
