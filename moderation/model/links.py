"""Links: which addresses that a site sent may be followed by a click.

Only those of the site's own hosts: an article's address may come from a field that strangers fill.
What is linked is put together anew from the parts that were checked, so that a browser can read
nothing else in it.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from urllib.parse import SplitResult, quote, urlsplit

from moderation.model.errors import InvalidInput

MAX_HOSTS = 50
MAX_ADDRESS = 2048
"""Characters of an address that is linked."""
MAX_HOST = 253

_PORTS = {"https": "443", "http": "80"}
_AUTHORITY = re.compile(r"([a-z0-9.-]+)(?::([0-9]{1,5}))?")
_PART = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last part begins with a letter: 127.1, 0x7f.1 and 2130706433 are numbers to a browser.
_HOST = re.compile(rf"(?:{_PART}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
_NEVER = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"`]")
_SCHEME = re.compile(r"https?:", re.IGNORECASE)
_HOST_BEFORE = re.compile(r"[/?#]")
_KEPT = "/:@!$&'()*+,;=~-._?%"


def check_hosts(hosts: Sequence[str]) -> tuple[str, ...]:
    """Return the names of hosts as browsers write them, empty ones aside. Raises InvalidInput."""
    names = tuple(dict.fromkeys(host.strip().lower() for host in hosts if host.strip()))
    if len(names) > MAX_HOSTS:
        raise InvalidInput(f"A site has at most {MAX_HOSTS} hosts.")
    for name in names:
        if not _is_host(name):
            raise InvalidInput(
                "A host is a full name such as news.example.org, without https://, port or path; "
                "write an international one in its xn-- form."
            )
    return names


def own_link(address: str | None, hosts: Collection[str]) -> str | None:
    """Return the address to link to; None unless it leads to one of these hosts or a subdomain.

    None as well where it is not plainly http or https, on the usual port, without a user's name.
    """
    if not address or not hosts or len(address) > MAX_ADDRESS or _NEVER.search(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host = _host_of(parts)
    if host is None or not any(host == own or host.endswith(f".{own}") for own in hosts):
        return None
    path, query, fragment = (quote(part, safe=_KEPT) for part in parts[2:])
    link = f"{parts.scheme}://{host}{path or '/'}"
    link += f"?{query}" if query else ""
    return f"{link}#{fragment}" if fragment else link


def elsewhere(addresses: Iterable[str], hosts: Collection[str]) -> frozenset[str]:
    """Return, each once and without its scheme, the addresses that lead to none of these hosts.

    They are read as browsers read them; what nobody can make sense of leads elsewhere.
    """
    bare = {_without_scheme(address) for address in addresses}
    return frozenset(one for one in bare if not _is_own(one, hosts))


def _without_scheme(address: str) -> str:
    # To browsers both slashes are the same, and any number of them separates scheme and host.
    rest = _SCHEME.sub("", address.replace("\\", "/").strip(), count=1).lstrip("/")
    authority, slash, path = rest.partition("/")
    return f"{authority.lower()}{slash}{path}".rstrip("/")


def _is_own(bare: str, hosts: Collection[str]) -> bool:
    host = _HOST_BEFORE.split(bare, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    host = host.rstrip(".")
    return any(host == own or host.endswith(f".{own}") for own in hosts)


def _host_of(parts: SplitResult) -> str | None:
    found = _AUTHORITY.fullmatch(parts.netloc.lower())
    if found is None or parts.scheme not in _PORTS:
        return None
    host, port = found.groups()
    usual = port is None or port == _PORTS[parts.scheme]
    return host if usual and _is_host(host) else None


def _is_host(name: str) -> bool:
    return len(name) <= MAX_HOST and _HOST.fullmatch(name) is not None
