"""Who asks: every request to the public API carries the key of a site."""

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, g, request

from api.gate import Gate
from moderation.model.keys import KeyScope
from moderation.services.api_keys import SiteAccess


def guard(blueprint: Blueprint, gate: Gate, scopes: Mapping[str, KeyScope]) -> None:
    """Let only requests in that carry a key which opens the endpoint; `scopes` is by its name."""

    def admit() -> None:
        scope = scopes[(request.endpoint or "").removeprefix(f"{blueprint.name}.")]
        g.access = gate.admit(request.headers.get("Authorization"), scope)

    blueprint.before_request(admit)


def access() -> SiteAccess:
    """Return whose key the present request carries."""
    return cast("SiteAccess", g.access)
