"""Where a webhook may go: rules on URLs and IP addresses, against server-side request forgery.

A URL is taken apart once, here, and travels on in parts: two parsers that disagree are how such
rules are got round. A host name can only be judged once it is resolved, so `check_url` is half of
the rule; whoever connects must ask `AddressGuard.permits` about each address found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import SplitResult, urlsplit

from moderation.model.errors import InvalidInput

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_URL_LENGTH = 2048
"""Characters."""
MAX_NAME_LENGTH = 253
MAX_PORT = 65535

STANDARD_PORTS = {"https": 443, "http": 80}

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is routed in public; IPv4-mapped, NAT64 and link-local lie outside."""

# The IANA special-purpose registries. `is_global` knows most of them, but not the same ones in
# every patch release of Python, and it calls some tunnels (6to4) and multicast groups global.
NOT_PUBLIC: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address
        "3fff::/20",  # documentation
    )
)

_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]+")
_AUTHORITY = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^\[\]:]+))(?::(?P<port>[0-9]{1,5}))?"
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """What an operator lets webhooks reach besides the public internet over https.

    Inside `allowed_networks` every port may be used; elsewhere only the standard ones.
    """

    allowed_networks: tuple[Network, ...] = ()
    allow_http: bool = False

    def permits(self, address: Address, port: int) -> bool:
        """Say whether a connection to this very address and port may be made."""
        return _inside(address, self.allowed_networks) or (
            self.permits_everywhere(port) and is_public(address)
        )

    def permits_everywhere(self, port: int) -> bool:
        """Say whether the port may be used on any public address."""
        return port == STANDARD_PORTS["https"] or (
            self.allow_http and port == STANDARD_PORTS["http"]
        )


@dataclass(frozen=True, slots=True)
class Destination:
    """A checked URL in parts; `host` has no brackets.

    `target` is path and query. It is not shown: in a webhook's address it may be the secret.
    """

    scheme: str
    host: str
    port: int
    target: str = field(repr=False)

    @property
    def host_header(self) -> str:
        """The value of the Host header (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == STANDARD_PORTS[self.scheme] else f"{host}:{self.port}"


def is_public(address: Address) -> bool:
    """Say whether the address belongs to one host on the public internet."""
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    return address.is_global and not _inside(address, NOT_PUBLIC)


def check_url(url: str, guard: AddressGuard) -> Destination:
    """Take the URL of an endpoint apart; a host name still has to be resolved and checked.

    Raises InvalidInput, with a text for the person who typed the URL.
    """
    parts = _split(url)
    scheme = _check_scheme(parts.scheme, guard)
    authority = _AUTHORITY.fullmatch(parts.netloc.lower())
    if authority is None:
        raise InvalidInput("the URL has no valid host")
    port = int(authority["port"] or STANDARD_PORTS[scheme])
    host, address = _check_host(authority["v6"], authority["name"], guard)
    _check_port(port, guard)
    if address is not None and not guard.permits(address, port):
        raise InvalidInput(
            "the URL leads to an address or port that is not allowed;"
            " COPYDESK_WEBHOOK_ALLOWED_NETWORKS lists private networks that are"
        )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(scheme, host, port, target)


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL_LENGTH:
        raise InvalidInput(f"the URL is longer than {MAX_URL_LENGTH} characters")
    if not _VISIBLE_ASCII.fullmatch(url):
        raise InvalidInput(
            "the URL may only hold visible ASCII characters;"
            " write an international host name in its xn-- form"
        )
    if "\\" in url or "#" in url:
        raise InvalidInput("the URL must not hold a backslash or a fragment (#)")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise InvalidInput("the URL has no valid host") from None
    if "@" in parts.netloc:
        raise InvalidInput("the URL must not hold a user name or password")
    return parts


def _check_scheme(scheme: str, guard: AddressGuard) -> str:
    if scheme == "https" or (scheme == "http" and guard.allow_http):
        return scheme
    if guard.allow_http:
        raise InvalidInput("the URL must start with https:// or http://")
    raise InvalidInput(
        "the URL must start with https://; COPYDESK_WEBHOOK_ALLOW_HTTP=true allows http:// too"
    )


def _check_host(v6: str | None, name: str, guard: AddressGuard) -> tuple[str, Address | None]:
    try:
        if v6 is not None:
            return str(IPv6Address(v6)), IPv6Address(v6)
        labels = name.split(".")
        if _NUMBER.fullmatch(labels[-1]):
            # Only four plain decimals: `127.1`, `0x7f000001` or `0177.0.0.1` mean different
            # hosts to different parsers.
            return name, IPv4Address(name)
    except ValueError:
        raise InvalidInput("the URL holds an IP address that is not written in full") from None
    _check_name(name, labels)
    if len(labels) == 1 and not guard.allowed_networks:
        raise InvalidInput("the URL needs a full host name, such as hooks.example.com")
    return name, None


def _check_name(name: str, labels: list[str]) -> None:
    if len(name) > MAX_NAME_LENGTH or not all(_LABEL.fullmatch(label) for label in labels):
        raise InvalidInput("the URL has no valid host name")


def _check_port(port: int, guard: AddressGuard) -> None:
    # Other ports are for allowed networks; whether a name leads there shows when it is resolved.
    if not guard.permits_everywhere(port) and not (guard.allowed_networks and 0 < port <= MAX_PORT):
        raise InvalidInput(
            "the URL must use the standard port;"
            " others are for networks in COPYDESK_WEBHOOK_ALLOWED_NETWORKS"
        )


def _inside(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
