"""Reading what forms and addresses carry."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from api.dashboard.access import is_page
from api.dashboard.languages import gettext, noted
from moderation.model.errors import InvalidInput
from moderation.model.ids import UserId

Chosen = TypeVar("Chosen", bound=Enum)

INCOMPLETE = noted("The form is incomplete; load the page again.")
MAX_FIELD = 2000
MAX_ADDRESS = 4000
"""Characters of the address of a page; the web server takes hardly longer ones."""
MAX_NUMBER = 2**31 - 2
"""PostgreSQL's integers, and one more than what was seen is still one."""

PASSING = {"done", "one", "standing"}
"""What an address says once only."""


def field(name: str, most: int = MAX_FIELD, among: Mapping[str, str] | None = None) -> str:
    """Return a field of the form or the address, trimmed; empty where there is none.

    `among` are other fields to look into. Raises InvalidInput where it is too long.
    """
    return _short(_sent(name, among).strip(), most)


def exact(name: str, most: int, among: Mapping[str, str] | None = None) -> str:
    """Return a field untrimmed, to be compared with what a site sends. Raises InvalidInput."""
    return _short(_sent(name, among), most)


def passage(name: str, most: int) -> str:
    """Return a field of several lines, whose breaks browsers send as two characters.

    Raises InvalidInput.
    """
    return _short(field(name, 2 * most).replace("\r\n", "\n"), most)


def choice(kind: type[Chosen], name: str) -> Chosen:
    """Return which of a closed set a field names. Raises InvalidInput."""
    try:
        return kind(field(name))
    except ValueError:
        raise InvalidInput(INCOMPLETE) from None


def despite() -> UserId | None:
    """Return the colleague whom the person knows to be on the comment. Raises InvalidInput."""
    found = form_identifier("despite")
    return None if found is None else UserId(found)


def number(name: str) -> int:
    """Return a whole number that a form carries. Raises InvalidInput."""
    return whole(field(name, 12))


def whole(written: str) -> int:
    """Return a whole number that we wrote into a form. Raises InvalidInput."""
    plain = written.isascii() and written.isdigit() and len(written) <= len(str(MAX_NUMBER))
    if not (plain and int(written) <= MAX_NUMBER):
        raise InvalidInput(INCOMPLETE)
    return int(written)


def identifier(name: str) -> UUID | None:
    """Return an id that the address carries; None where there is none, or no id."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def form_identifier(name: str) -> UUID | None:
    """Return an id that the form carries; None where there is none. Raises InvalidInput."""
    value = field(name, 40)
    try:
        return UUID(value) if value else None
    except ValueError:
        raise InvalidInput(INCOMPLETE) from None


def this_page() -> str:
    """Return the address of this page, to come back to, without what was just done there.

    Where a form could not carry it, the page without its filter.
    """
    query = {name: value for name, value in request.args.items() if name not in PASSING}
    address = f"{request.path}?{urlencode(query)}" if query else request.path
    return address if len(address) <= MAX_ADDRESS else request.path


def address_before() -> str:
    """Return the address of the page that the form came from. Raises InvalidInput."""
    return field("back", MAX_ADDRESS)


def in_a_run() -> bool:
    """Say whether the form came from a page of the audit. Raises InvalidInput."""
    return urlsplit(address_before()).path.startswith(url_for("dashboard.audit"))


def page_before() -> dict[str, str]:
    """Return what the address of the page that the form came from carries."""
    return dict(parse_qsl(urlsplit(address_before()).query))


def go_back(**add: object) -> Response:
    """Redirect to the page that the form came from, with these things added to its address."""
    parts = urlsplit(address_before())
    path, query = (parts.path, dict(parse_qsl(parts.query))) if not parts.netloc else ("", {})
    if not is_page(path):
        path, query = url_for("dashboard.queue"), {}
    query |= {name: str(value) for name, value in add.items()}
    return redirect(f"{path}?{urlencode(query)}" if query else path, 303)


def _sent(name: str, among: Mapping[str, str] | None) -> str:
    """Return what was sent, without NUL, which PostgreSQL refuses."""
    return (request.values if among is None else among).get(name, "").replace("\0", "")


def _short(value: str, most: int) -> str:
    if len(value) > most:
        raise InvalidInput(gettext("Use at most %(most)s characters here.", most=most))
    return value
