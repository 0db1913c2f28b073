"""The server that takes our mails, as an operator names it."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

FROM_THE_START = "smtps"
_PORTS = {FROM_THE_START: 465, "smtp": 587}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in, and as whom."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def is_here(self) -> bool:
        """Say whether it runs on this machine: what we tell it passes through no network."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def server_at(url: str) -> MailServer:
    """Return the server at an address such as `smtps://name:password@host`. Raises ValueError."""
    parts = urlsplit(url)
    more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in _PORTS or not parts.hostname or more:
        raise ValueError("must look like smtps://NAME:PASSWORD@HOST, or smtp:// for STARTTLS")
    return MailServer(
        parts.scheme,
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )
