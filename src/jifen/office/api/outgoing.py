"""Requests to addresses that users entered: sent only to hosts on the internet.

A name is resolved once, all its addresses are checked, and the connection is made to one of the
checked addresses, so that a second answer of the name server cannot lead to the inner network.
"""

import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

HTTPS = 443
_TUNNEL_NETWORKS = tuple(
    map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
)
"""Networks of version 6 whose addresses hold one of version 4, perhaps of the own network: NAT64
(RFC 6052, RFC 8215), 6to4 (RFC 3056), Teredo (RFC 4380), the compatible ones (RFC 4291)."""


class NotOnInternet(Exception):
    """An address that is not on the internet, or a port that no such service has."""


class UnknownHost(Exception):
    """A host whose name is not known."""


def is_on_the_internet(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to a single host on the internet, also through a tunnel."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_on_the_internet(address.ipv4_mapped)
        if any(address in network for network in _TUNNEL_NETWORKS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve_checked_addresses(parts: SplitResult, *, guarded: bool = True) -> list[str]:
    """The addresses of a URL's host. Where `guarded`, raises Inside if any of them is not on the
    internet or the port is not that of https. Raises NoHost."""
    try:
        port = parts.port or (HTTPS if parts.scheme == "https" else 80)
        entries = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        raise UnknownHost(parts.hostname or "") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    parsed = [ip_address(address.partition("%")[0]) for address in addresses]
    if guarded and (port != HTTPS or not all(map(is_on_the_internet, parsed))):
        raise NotOnInternet(parts.hostname or "")
    return addresses


class _PinnedHTTP(HTTPConnection):
    """Connects to an address that was checked, without resolving the name again."""

    address: str

    def connect(self) -> None:
        """Open the connection to the checked address."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _PinnedHTTPS(HTTPSConnection):
    """The same, with the certificate of the name."""

    address: str

    def connect(self) -> None:
        """Open the connection to the checked address; the certificate must be of the host."""
        plain = socket.create_connection((self.address, self.port), self.timeout)
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(plain, server_hostname=self.host)


def post_to_internet(
    url: str, body: bytes, headers: dict[str, str], *, seconds: float, guarded: bool = True
) -> int:
    """Send a body by POST and return the status of the answer; a redirect is not followed.

    Raises Inside, NoHost, OSError or HTTPException where there is no answer.
    """
    parts = urlsplit(url)
    addresses = resolve_checked_addresses(parts, guarded=guarded)
    kind: Any = _PinnedHTTPS if parts.scheme == "https" else _PinnedHTTP
    connection = kind(parts.hostname, parts.port, timeout=seconds)
    connection.address = addresses[0]
    path = parts.path or "/"
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        return int(connection.getresponse().status)
    finally:
        connection.close()


NO_ANSWER = (NotOnInternet, UnknownHost, OSError, HTTPException)
"""What `post_to_internet` raises where there is no answer."""
