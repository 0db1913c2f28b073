"""The session of a request: kept in the database for people, in a signed cookie for visitors."""

from collections.abc import Iterator
from typing import Any, cast

from flask import Flask, Request, Response
from flask import session as current
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

from api.web import web
from moderation.model.people import User
from moderation.model.sites import Site
from moderation.services import sign_in
from moderation.settings import Settings

VISIT_SECONDS = 3600
"""How long a sign-in form may lie open before its cookie is too old."""


class DeskSession(SessionMixin):
    """Read when it is first looked at, so that the API and static files cost no statement.

    A visitor's data (nothing but the token against forged requests) lives in the signed cookie:
    whoever asks for the sign-in page a million times leaves no million rows.
    """

    def __init__(self, cookie: str | None, visits: URLSafeTimedSerializer) -> None:
        self.token = cookie if cookie and "." not in cookie else None
        self._cookie = cookie
        self._visits = visits
        self._opened: sign_in.Session | None = None
        self._data: dict[str, Any] | None = None
        self.modified = False
        self.ended = False

    @property
    def user(self) -> User | None:
        """Who is signed in."""
        self._read()
        return None if self._opened is None else self._opened.user

    @property
    def sites(self) -> tuple[Site, ...]:
        """The sites that whoever is signed in sees, by name."""
        self._read()
        return () if self._opened is None else self._opened.sites

    def begin(self, token: str) -> None:
        """Go on with another session; what was kept until now is forgotten."""
        self.token, self._cookie, self._opened, self._data = token, token, None, None
        self.modified = True

    def end(self) -> None:
        """Have the browser forget the cookie too."""
        self._opened, self._data, self.token, self.ended = None, {}, None, True

    def touch(self) -> None:
        """Note that the person is active."""
        if self.token is not None and self._opened is not None:
            sign_in.touch_session(web().runtime, self.token, self._opened)

    def save(self) -> str:
        """Keep what was changed, and return the cookie's new value."""
        if self.user is not None and self.token is not None:
            sign_in.keep_session(web().runtime, self.token, self._read())
            return self.token
        return str(self._visits.dumps(self._read()))

    def _read(self) -> dict[str, Any]:
        if self._data is None:
            self._data = self._read_person() if self.token else self._read_visit()
        return self._data

    def _read_person(self) -> dict[str, Any]:
        self._opened = sign_in.read_session(web().runtime, self.token or "")
        return {} if self._opened is None else dict(self._opened.data)

    def _read_visit(self) -> dict[str, Any]:
        try:
            return dict(self._visits.loads(self._cookie or "", max_age=VISIT_SECONDS))
        except BadSignature:
            return {}

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever Flask keeps
        return self._read()[key]

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 - whatever Flask keeps
        self._read()[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._read()[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class DeskSessions(SessionInterface):
    """Opens and saves the session of each request."""

    def __init__(self, settings: Settings) -> None:
        self._visits = URLSafeTimedSerializer(settings.derive_key("visit"))

    def open_session(self, app: Flask, request: Request) -> DeskSession:
        """Return the session, still unread."""
        # Whoever calls the API sends no cookies; to parse none takes as long as to parse a comment.
        cookies = request.cookies if "HTTP_COOKIE" in request.environ else {}
        return DeskSession(cookies.get(self.get_cookie_name(app)), self._visits)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what was changed, and tell the browser."""
        session = cast("DeskSession", session)
        name, secure = self.get_cookie_name(app), self.get_cookie_secure(app)
        if session.ended:
            response.delete_cookie(name, secure=secure, httponly=True, samesite="Lax")
        elif session.modified:
            value = session.save()
            response.set_cookie(name, value, secure=secure, httponly=True, samesite="Lax")


def desk_session() -> DeskSession:
    """Return the session of the present request."""
    return cast("DeskSession", current._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - Werkzeug's public name
