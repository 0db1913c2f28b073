"""The scoring process's address: a free port of the loopback address, under which the web asks."""

from urllib.parse import urlsplit

from moderation.embedded.folder import Folder, write_private
from moderation.embedded.ports import LOOPBACK, free_port, is_free


def choose_address(folder: Folder) -> None:
    """Write the file that tells its address; the port stays unless somebody else has taken it."""
    address = folder.path / "scoring_url"
    port = urlsplit(address.read_text().strip()).port if address.exists() else None
    if port is None or not is_free(port):
        write_private(address, f"http://{LOOPBACK}:{free_port()}")
