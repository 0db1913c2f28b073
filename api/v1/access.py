"""Who asks: every request to the public API carries the key of a site."""

from typing import cast

from flask import Blueprint, g, request

from api.gate import Gate
from moderation.services.api_keys import SiteAccess


def guard(blueprint: Blueprint, gate: Gate) -> None:
    """Let only requests in that carry a key."""

    def admit() -> None:
        g.access = gate.admit(request.headers.get("Authorization"))

    blueprint.before_request(admit)


def access() -> SiteAccess:
    """Return whose key the present request carries."""
    return cast("SiteAccess", g.access)
