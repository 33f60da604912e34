"""The network address from which a request comes."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def source_of(request: HttpRequest) -> str:
    """The address that asks, as the library of signing in finds it behind a city's proxy; of IPv6
    the network, as one household has very many addresses."""
    return to_network(str(get_adapter().get_client_ip(request)), 32, 64)


def to_network(address: str, four: int, six: int) -> str:
    """The network of an address, by so many bits of version 4 or 6; 'unknown' for anything else."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped  # a server that listens on both: else all of these are one
    prefix_length = four if parsed.version == 4 else six
    return str(ip_network(f"{parsed}/{prefix_length}", strict=False)).removesuffix("/32")
