"""The viewer's zone, as their browser says it in a cookie: a server is told of it by nothing else.

Who runs no script reads times in UTC.
"""

import re
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import g, has_request_context, request

COOKIE = "copydesk_zone"
"""Set by static/times.js."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")
"""Names of the IANA's database; they are looked up as files, so nothing else may pass."""

_LONGEST = 64


def zone() -> tzinfo:
    """Return the zone in which this page writes times."""
    if not has_request_context():
        return UTC
    if "zone" not in g:
        g.zone = _known(request.cookies.get(COOKIE, ""))
    found: tzinfo = g.zone
    return found


def _known(name: str) -> tzinfo:
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
