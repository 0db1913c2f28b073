"""API keys: how a site's own systems prove who they are.

A key reads `cd_<prefix>_<secret>`. The prefix finds the row and may be shown; of the secret (160
random bits) only an HMAC is stored, so that who reads the table can use no key.
"""

import hmac
import re
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from moderation.model.comments import DisplayRules
from moderation.model.errors import NotFound, StorageUnavailable, Unauthenticated
from moderation.model.ids import KeyId, SiteId, new_uuid
from moderation.model.keys import KeyScope
from moderation.runtime import Runtime
from moderation.services.sites import site_named
from moderation.storage import audit, keys, sites

log = structlog.get_logger()

PREFIX_BYTES = 4
SECRET_BYTES = 20
USE_NOTED_EVERY = timedelta(minutes=1)
"""A busy key would otherwise write to the database with each request that only reads."""

KNOWN_SECONDS = 1.0
"""How long a process goes by its last look at a key: one switched off stops within this time."""

_BEARER = re.compile(r"(?i:bearer) +cd_([0-9a-f]{8})_([0-9a-f]{40})")
_PURPOSE = "api-key"
_NO_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class SiteAccess:
    """Whose key a request carries."""

    key_id: KeyId
    site_id: SiteId
    site_name: str
    display_rules: DisplayRules
    scope: KeyScope


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as a list shows it: by its prefix, without the secret."""

    id: KeyId
    name: str
    prefix: str
    scope: KeyScope
    created_at: datetime
    used_at: datetime | None
    disabled_at: datetime | None


def add_key(
    runtime: Runtime, site_name: str, name: str, scope: KeyScope = KeyScope.COMMENTS
) -> str:
    """Make a key for a site and return it; nothing can show it a second time.

    Raises NotFound.
    """
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_hex(SECRET_BYTES)
    with runtime.transaction() as connection:
        site_id = site_named(connection, site_name).id
        now = runtime.database_now(connection)
        row = {
            "id": new_uuid(),
            "site_id": site_id,
            "name": name,
            "prefix": prefix,
            "scope": scope,
            "secret_digest": _digest(runtime.settings.derive_key(_PURPOSE), secret),
            "created_at": now,
        }
        keys.add(connection, row)
        audit.add(
            connection, "key-add", now, site_id=site_id, data={"prefix": prefix, "scope": scope}
        )
    return f"cd_{prefix}_{secret}"


def list_keys(runtime: Runtime, site_name: str) -> list[ApiKey]:
    """Return a site's keys, oldest first. Raises NotFound."""
    with runtime.reading() as connection:
        return [_to_key(row) for row in keys.of(connection, site_named(connection, site_name).id)]


def disable_key(runtime: Runtime, site_name: str, prefix: str) -> None:
    """Switch a key off; `prefix` with or without the `cd_` before it. Raises NotFound.

    It opens nothing any more a second later, when every web process has looked at it again.
    """
    prefix = prefix.removeprefix("cd_")
    with runtime.transaction() as connection:
        site_id = site_named(connection, site_name).id
        now = runtime.database_now(connection)
        if not keys.disable(connection, site_id, prefix, now):
            raise NotFound("The site has no live key with this prefix.")
        audit.add(connection, "key-disable", now, site_id=site_id, data={"prefix": prefix})


def authenticate(runtime: Runtime, header: str | None) -> SiteAccess:
    """Return whose key the value of an `Authorization` header is.

    Raises Unauthenticated: no key, an unknown or disabled one, or its site is disabled.
    """
    return Doorkeeper(runtime).authenticate(header)


class Doorkeeper:
    """Authenticates the requests of one process; safe to use from many threads.

    It looks into the database at most once a second for each key that is used: a look with every
    comment would cost as much as storing it.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._digest_key = runtime.settings.derive_key(_PURPOSE)
        # By prefix and secret, of right keys only; until a monotonic time.
        self._known: dict[tuple[str, str], tuple[SiteAccess, float]] = {}

    def authenticate(self, header: str | None) -> SiteAccess:
        """Return whose key the value of an `Authorization` header is. Raises Unauthenticated."""
        parts = _parts(header)
        access, until = self._known.get(parts, (None, 0.0))
        if access is None or time.monotonic() > until:
            return self._look(*parts)
        return access

    def _look(self, prefix: str, secret: str) -> SiteAccess:
        until = time.monotonic() + KNOWN_SECONDS
        with self._runtime.glancing() as connection:
            row = keys.live_with_site(connection, prefix)
        # Compared in any case, so that the time taken does not tell which prefixes exist.
        stored = _NO_DIGEST if row is None else row.secret_digest
        right = hmac.compare_digest(stored, _digest(self._digest_key, secret))
        if row is None or not right:
            self._known.pop((prefix, secret), None)
            raise Unauthenticated("The API key is wrong or was switched off.")
        # By this machine's clock, however wrong; the database decides by its own.
        if row.used_at is None or abs(self._runtime.clock.now() - row.used_at) >= USE_NOTED_EVERY:
            _note_use(self._runtime, row.id)
        access = SiteAccess(
            key_id=row.id,
            site_id=row.site_id,
            site_name=row.site_name,
            display_rules=sites.display_rules(row),
            scope=KeyScope(row.scope),
        )
        self._known[prefix, secret] = (access, until)
        return access


def _parts(header: str | None) -> tuple[str, str]:
    given = _BEARER.fullmatch(header or "")
    if given is None:
        raise Unauthenticated("The request carries no API key.")
    return given[1], given[2]


def _note_use(runtime: Runtime, key_id: KeyId) -> None:
    """Note that a key is used, unless some process has done so within the last minute."""
    try:
        with runtime.transaction() as connection:
            now = runtime.database_now(connection)
            keys.touch(connection, key_id, now, now - USE_NOTED_EVERY)
    except StorageUnavailable:
        # Reading goes on where nothing can be written, as on a full disk.
        log.warning("key_use_not_noted", key_id=str(key_id))


def _digest(key: bytes, secret: str) -> str:
    # Random keys need no slow hash: nobody can try 2^160 of them.
    return hmac.digest(key, secret.encode(), "sha256").hex()


def _to_key(row: Any) -> ApiKey:  # noqa: ANN401 - a row of storage.keys
    return ApiKey(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        scope=KeyScope(row.scope),
        created_at=row.created_at,
        used_at=row.used_at,
        disabled_at=row.disabled_at,
    )
