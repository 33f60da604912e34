"""Whose address it is that asks."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def source_of(request: HttpRequest) -> str:
    """The address that asks, as the library of signing in finds it behind a city's proxy; of IPv6
    the network, as one household has very many addresses."""
    return network(str(get_adapter().get_client_ip(request)), 32, 64)


def network(address: str, four: int, six: int) -> str:
    """The network of an address, by so many bits of version 4 or 6; 'unknown' for anything else."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped  # a server that listens on both: else all of these are one
    kept = four if found.version == 4 else six
    return str(ip_network(f"{found}/{kept}", strict=False)).removesuffix("/32")
