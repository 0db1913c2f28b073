"""Mail addresses: what can stand in a mail as whom it is from and to."""

from email.errors import MessageError, NonASCIILocalPartDefect, ObsoleteHeaderDefect
from email.headerregistry import Address, HeaderRegistry
from typing import Any

# The library's parser raises these too, for what it cannot read.
_NOT_READ = (ValueError, MessageError, AttributeError, IndexError)

_HEADERS = HeaderRegistry()


def mail_address(spec: str) -> Address:
    """Return an address such as `alice@agora.example` for a header. Raises ValueError."""
    try:
        return Address(addr_spec=spec)
    except NonASCIILocalPartDefect:
        # For servers that know SMTPUTF8 it is an address like any other.
        username, _, domain = spec.rpartition("@")
        return Address(username=username, domain=domain)
    except _NOT_READ:
        raise ValueError("no mail address") from None


def is_one_sender(value: str) -> bool:
    """Say whether a header From reads so: one address, perhaps with a name, and nothing wrong."""
    try:
        header: Any = _HEADERS("From", value)
    except _NOT_READ:
        return False
    wrong = [one for one in header.defects if not isinstance(one, ObsoleteHeaderDefect)]
    return len(header.addresses) == 1 and not wrong and header.groups[0].display_name is None
