"""Where a model's files come from: the publishers, a mirror, or a folder on this machine."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from classifiers.detoxify.releases import COMPANIONS, Release
from moderation.model.errors import NotConfigured

Location = str | Path
"""An http(s) address, or a file on this machine."""

SUFFIX = ".ckpt"
CHECKPOINT_NAME = re.compile(r"[\w-][\w.-]*-(?P<digits>[0-9a-f]{8})\.ckpt", re.ASCII)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the checkpoint and each of its companions are."""

    name: str
    """The checkpoint's file name; its digits are the start of its SHA-256."""
    checkpoint: Location
    companions: Mapping[str, Location]

    @property
    def digits(self) -> str:
        """What the checkpoint's SHA-256 begins with."""
        found = CHECKPOINT_NAME.fullmatch(self.name)
        return found["digits"] if found else ""


def origin_of(release: Release, given: str | None) -> Origin:
    """Return where to take a release from, by default where it is published.

    `given` is a folder or the http(s) address of one, with the same file names, or a checkpoint
    in such a place. Raises NotConfigured for anything else.
    """
    if given is None:
        companions = {file: release.base.url(file) for file in COMPANIONS}
        return Origin(release.checkpoint, release.url, companions)
    if "://" in given:
        base, name = _divided(_checked_address(given).rstrip("/"), release)
        return Origin(name, f"{base}/{name}", {file: f"{base}/{file}" for file in COMPANIONS})
    base, name = _divided(str(Path(given).absolute()), release)
    folder = Path(base)
    return Origin(name, folder / name, {file: folder / file for file in COMPANIONS})


def _divided(place: str, release: Release) -> tuple[str, str]:
    """Tell a checkpoint from a folder; return the folder and the checkpoint's name."""
    parent, _, last = place.rpartition("/")
    if not last.endswith(SUFFIX):
        return place, release.checkpoint
    # The name becomes one of a file of ours: no slash, percent sign or dots lead elsewhere.
    if not CHECKPOINT_NAME.fullmatch(last):
        raise NotConfigured(
            f"{last!r} is no name of a checkpoint: it must end in the first eight digits of the "
            "file's SHA-256, as in toxic_original-c1212f89.ckpt"
        )
    return parent, last


def _checked_address(given: str) -> str:
    try:
        parts = urlsplit(given)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or parts.query or parts.fragment or not given.isascii():
        raise NotConfigured(
            f"{given!r} is no folder and no address to fetch from, such as "
            "https://mirror.example.org/models (without user, query or fragment)"
        )
    return given
