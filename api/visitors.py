"""Where a request comes from, as far as limits are concerned."""

from ipaddress import IPv4Address, ip_address, ip_network

from flask import request

IPV6_HOME = 64
"""Bits of an IPv6 address that belong to one household or server."""


def visitor_network() -> str:
    """Return what counts as one visitor: an IPv4 address, or the network of an IPv6 one."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    prefix = address.max_prefixlen if isinstance(address, IPv4Address) else IPV6_HOME
    return str(ip_network((address, prefix), strict=False))
