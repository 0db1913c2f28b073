"""Getting a model: files are brought and checked, converted once, and put in place whole."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from classifiers.detoxify import converting, quantizing
from classifiers.detoxify.converting import Material
from classifiers.detoxify.downloads import Download
from classifiers.detoxify.manifest import Manifest, folder_of, read_manifest
from classifiers.detoxify.origins import Location, Origin, origin_of
from classifiers.detoxify.releases import Release
from classifiers.digests import digest
from classifiers.fetches import Progress
from moderation.model.errors import NotConfigured

CHECKPOINT_LIMIT = 4_000_000_000
COMPANION_LIMIT = 50_000_000
"""Bytes; the largest published ones have 1,112 MB and 9 MB."""


def fetch(release: Release, models: Path, given: str | None) -> Iterator[Progress]:
    """Get a release into the folder of models, ready to be loaded; nothing if it is there, whole.

    `given` is a mirror, see `origin_of`. Raises NotConfigured, and then nothing has changed.
    """
    with _alone(models):
        yield from _fetch(release, models, given)


def fetch_int8(release: Release, models: Path, given: str | None) -> Iterator[Progress]:
    """Get a release, and put the same model in int8 beside it. Raises NotConfigured."""
    with _alone(models):
        yield from _fetch_int8(release, models, given)


def _fetch(release: Release, models: Path, given: str | None) -> Iterator[Progress]:
    known = _manifest(release.name, models)
    if known and _is_whole(known):
        return
    converting.check_packages()
    origin = origin_of(release, given)
    with _scratch(models) as scratch:
        brought = Brought(origin, scratch, models)
        yield from brought.companions()
        yield from brought.checkpoint()
        sources = brought.check(known.sources if known else {})
        yield Progress("converting")
        made = scratch / "made"
        made.mkdir()
        material = Material(brought.path, sources[origin.name], brought.folder, sources)
        converting.convert(release, material, made)
        _put(made, folder_of(release.name, models))
        brought.discard()


def _fetch_int8(release: Release, models: Path, given: str | None) -> Iterator[Progress]:
    known = _manifest(release.int8_name, models)
    if known and _is_whole(known):
        return
    quantizing.check_packages()
    yield from _fetch(release, models, given)
    yield Progress("quantizing")
    with _scratch(models) as scratch:
        made = scratch / "made"
        made.mkdir()
        quantizing.quantize(release, models, made)
        _put(made, folder_of(release.int8_name, models))


@dataclass(frozen=True, slots=True)
class Brought:
    """The files of an origin, as they come: companions into `scratch`, a checkpoint beside it.

    A checkpoint may be large: on this machine it is read where it lies, and a download of it
    outlives `scratch`, so that the next try goes on where this one broke off.
    """

    origin: Origin
    scratch: Path
    models: Path

    @property
    def folder(self) -> Path:
        """Where the companions are."""
        return self.scratch / "companions"

    @property
    def path(self) -> Path:
        """Where the checkpoint is."""
        if isinstance(self.origin.checkpoint, Path):
            return self.origin.checkpoint
        return self.models / f".{self.origin.name}.part"

    def companions(self) -> Iterator[Progress]:
        """Bring configuration and tokenizer. Raises NotConfigured."""
        self.folder.mkdir()
        for file, location in self.origin.companions.items():
            yield from _bring(location, self.folder / file)

    def checkpoint(self) -> Iterator[Progress]:
        """Bring the weights. Raises NotConfigured."""
        if isinstance(self.origin.checkpoint, str) and not self._has_come():
            url = self.origin.checkpoint
            download = Download(url, self.path, CHECKPOINT_LIMIT, resumable=True)
            yield from download.steps()

    def _has_come(self) -> bool:
        """Say whether an earlier try brought the weights and then failed with them."""
        return self.path.exists() and digest(self.path).startswith(self.origin.digits)

    def check(self, recorded: Mapping[str, str]) -> dict[str, str]:
        """Return the digest of each file. Raises NotConfigured for one that is not as recorded.

        Of a checkpoint that nobody here has seen, its name says how the digest begins.
        """
        found = digest(self.path)
        if not found.startswith(self.origin.digits):
            self.discard()
            raise NotConfigured(
                f"{self.origin.checkpoint} is damaged or another file: its SHA-256 is {found}, "
                f"and should begin with {self.origin.digits}"
            )
        sources = {self.origin.name: found}
        sources |= {file: digest(self.folder / file) for file in self.origin.companions}
        for file in recorded:
            if sources.get(file) != recorded[file]:
                self.discard()
                raise NotConfigured(
                    f"{file} is another file than at the first fetch, whose SHA-256 was "
                    f"{recorded[file]}: remove the model's folder if you mean to replace it"
                )
        return sources

    def discard(self) -> None:
        """Remove the downloaded checkpoint; one of this machine's own stays."""
        if isinstance(self.origin.checkpoint, str):
            self.path.unlink(missing_ok=True)


def _bring(location: Location, place: Path) -> Iterator[Progress]:
    if isinstance(location, str):
        yield from Download(location, place, COMPANION_LIMIT).steps()
        return
    try:
        shutil.copyfile(location, place)
    except OSError as error:
        raise NotConfigured(f"cannot copy {location}: {error.strerror}") from error


def _manifest(name: str, models: Path) -> Manifest | None:
    try:
        return read_manifest(name, models)
    except NotConfigured:
        return None


def _is_whole(manifest: Manifest) -> bool:
    try:
        manifest.check()
    except NotConfigured:
        return False
    return True


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    """Keep others out: two would write into one file. Raises NotConfigured where one is at work."""
    models.mkdir(parents=True, exist_ok=True)
    folder = os.open(models, os.O_RDONLY)
    try:
        _lock(folder, models)
        yield
    finally:
        os.close(folder)


def _lock(folder: int, models: Path) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise NotConfigured(f"another fetch is at work in {models}") from error


@contextmanager
def _scratch(models: Path) -> Iterator[Path]:
    """Yield a folder that is gone afterwards, on the disk where its content is renamed to."""
    with tempfile.TemporaryDirectory(dir=models, prefix=".fetching-") as folder:
        yield Path(folder)


def _put(made: Path, place: Path) -> None:
    """Rename a finished folder to its place; what is damaged there goes."""
    # The workers' user is another one, perhaps.
    made.chmod(0o755)
    for file in made.iterdir():
        file.chmod(0o644)
    if place.exists():
        place.rename(made.with_name("damaged"))
    made.rename(place)
