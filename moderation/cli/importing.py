"""`copydesk import`: comments of another system, with what was decided about them there."""

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated, BinaryIO, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.import_files import FileFormat, Line, format_of, read_lines
from moderation.cli.rejections import Rejections
from moderation.model.errors import Conflict, InvalidInput
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services.import_fields import ImportedComment, parse_fields, unknown_fields
from moderation.services.importing import (
    BATCH,
    Imported,
    count_batch,
    finish_import,
    import_batch,
)
from moderation.services.ip_digests import digest_ip
from moderation.services.sites import find_site

PAUSE_SECONDS = 0.03
"""Between batches, so that a live comment gets at SQLite's one write lock."""


def import_comments(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSONL or CSV.")],
    site: Annotated[str, typer.Option(help="The site's short name.")],
    file_format: Annotated[
        FileFormat | None, typer.Option("--format", help="Else the file's name says it.")
    ] = None,
    rejected: Annotated[
        Path | None, typer.Option(help="Where lines that cannot be used are listed.")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count only.")] = False,
) -> None:
    """Import comments from JSONL or CSV; docs/importing.md describes the fields.

    Past decisions are kept as such. What the site has already is skipped: call it again at will.

    Ends with 1 if the file holds lines that cannot be used.
    """
    rejections = Rejections(rejected or file.with_name(file.name + ".rejected.csv"))
    with ExitStack() as stack:
        runtime = stack.enter_context(opened())
        source = stack.enter_context(file.open("rb"))
        stack.callback(rejections.close)
        target = _open_site(runtime, site)
        lines = read_lines(source, format_of(file, file_format))
        comments = _parsed(runtime, target, lines, rejections)
        progress = stack.enter_context(_Progress(source, file.stat().st_size))
        imported = Imported()
        for batch in _batches(comments):
            imported += (count_batch if dry_run else import_batch)(runtime, target, batch)
            progress.advance(imported, rejections)
            time.sleep(PAUSE_SECONDS)
        if not dry_run:
            finish_import(runtime, target, imported, rejections.count)
    _report(imported, rejections, dry_run=dry_run)
    if rejections.count:
        raise typer.Exit(1)


def _open_site(runtime: Runtime, name: str) -> Site:
    site = find_site(runtime, name)
    if site.disabled_at is not None:
        raise Conflict(f"The site {name} is disabled.")
    return site


def _parsed(
    runtime: Runtime, site: Site, lines: Iterable[Line], rejections: Rejections
) -> Iterator[ImportedComment]:
    digest = partial(digest_ip, runtime.settings, site.id)
    for line in lines:
        if line.problem is not None:
            rejections.add(line.number, line.problem)
            continue
        rejections.ignore(unknown_fields(set(line.fields)))
        try:
            yield parse_fields(line.fields, digest)
        except InvalidInput as error:
            rejections.add(line.number, str(error))


def _batches(comments: Iterator[ImportedComment]) -> Iterator[list[ImportedComment]]:
    while batch := list(islice(comments, BATCH)):
        yield batch


class _Progress:
    """A bar of how much of the file was read, where a person is watching."""

    def __init__(self, source: BinaryIO, size: int) -> None:
        columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
        terminal = Console(stderr=True)
        self._source = source
        self._bar = Progress(*columns, console=terminal, disable=not terminal.is_terminal)
        self._task = self._bar.add_task("", total=size)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self, imported: Imported, rejections: Rejections) -> None:
        """Show how far the reader is."""
        stored = imported.decided + imported.to_classify
        words = f"{stored:,} new, {imported.known:,} known, {rejections.count:,} cannot be used"
        self._bar.update(self._task, completed=self._source.tell(), description=words)


def _report(imported: Imported, rejections: Rejections, *, dry_run: bool) -> None:
    screen.say("Nothing was stored; this is what would happen." if dry_run else "Imported.")
    screen.say(f"  {imported.decided:>9,}  with a past decision, kept as it was")
    screen.say(f"  {imported.to_classify:>9,}  without one, to be classified")
    screen.say(f"  {imported.known:>9,}  known to the site already, skipped")
    screen.say(f"  {rejections.count:>9,}  lines that cannot be used")
    if rejections.ignored:
        names = ", ".join(sorted(screen.visible(name) for name in rejections.ignored))
        screen.say(f"Fields that mean nothing here were ignored: {screen.shorten(names, 200)}")
    if rejections.count:
        screen.say(f"Why lines cannot be used stands in {rejections.path}")
