"""Who asks, and what no view has to look at: keys, sizes, and parameters that nothing reads."""

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, g, request
from pydantic import BaseModel, ConfigDict

from api.bodies import allow
from api.gate import Gate
from api.v1.operation import Operation
from api.v1.parsing import read_query
from moderation.services.api_keys import SiteAccess


class _NoQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def guard(blueprint: Blueprint, gate: Gate, operations: Mapping[str, Operation]) -> None:
    """Let only requests in that carry a key which opens the operation; these are by their name."""

    def admit() -> None:
        operation = operations[(request.endpoint or "").removeprefix(f"{blueprint.name}.")]
        g.access = gate.admit(request.headers.get("Authorization"), operation.scope)
        if operation.query is None and request.query_string:
            read_query(_NoQuery)
        allow(operation.most_bytes)

    blueprint.before_request(admit)


def access() -> SiteAccess:
    """Return whose key the present request carries."""
    return cast("SiteAccess", g.access)
