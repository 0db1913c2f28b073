"""Valkey: its configuration, and the address under which the others find it."""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from moderation.embedded.folder import Folder, write_private
from moderation.embedded.ports import LOOPBACK, free_port, is_free

_CONFIGURATION = """\
# Written at each start; changes are lost.
# Other people on this machine reach the loopback address too, hence the password.
bind {host}
port {port}
requirepass {password}
dir {folder}
# What waits survives a restart; the database holds every comment in any case.
appendonly yes
appendfsync everysec
save ""
# Evicted keys would be lost work; a full memory refuses new work instead.
maxmemory-policy noeviction
"""


def configure_valkey(folder: Folder) -> Path:
    """Write Valkey's configuration and the file that tells its address; return the former.

    Port and password stay what they were, unless somebody else has taken the port.
    """
    address = folder.path / "redis_url"
    password, port = _known(address)
    if port is None or not is_free(port):
        port = free_port()
    configuration = folder.valkey / "valkey.conf"
    write_private(
        configuration,
        _CONFIGURATION.format(
            host=LOOPBACK, port=port, password=password, folder=_quoted(folder.valkey.absolute())
        ),
    )
    write_private(address, f"redis://:{password}@{LOOPBACK}:{port}/0")
    return configuration


def _known(address: Path) -> tuple[str, int | None]:
    parts = urlsplit(address.read_text().strip()) if address.exists() else urlsplit("")
    return parts.password or secrets.token_hex(24), parts.port


def _quoted(path: Path) -> str:
    inner = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'
