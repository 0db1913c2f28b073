"""`copydesk perspective record`: scores that Perspective gave, from a file."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.comment_files import CommentFile, opened_file
from moderation.cli.context import opened
from moderation.cli.import_files import FileFormat, Line, read_lines
from moderation.cli.progress_bar import progress_bar
from moderation.cli.skipped import Skipped
from moderation.model.errors import InvalidInput
from moderation.model.perspective import (
    Attribute,
    AttributeScores,
    checked_scores,
    summary_scores,
)
from moderation.services.comparing import BATCH, Recorded, note_recording, record_scores
from moderation.services.sites import find_site

PAUSE_SECONDS = 0.03
"""Between batches, so that a live comment gets at SQLite's one write lock."""

_ANY_COLUMNS: frozenset[str] = frozenset()


def record(
    site: Annotated[str, typer.Argument(help="The site's short name.")],
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help=".jsonl; also .xz or .gz.")
    ],
) -> None:
    """Keep scores that Perspective gave comments which the site has here.

    Each line: {"external_id": "c1", "perspective_scores": {"TOXICITY": 0.93}}, or the answer of the
    API as it was, its attributeScores, in the place of the latter. Call it again at will.

    Ends with 1 if the file holds lines that cannot be used.
    """
    with opened() as runtime, opened_file(file) as lines:
        if lines.format is not FileFormat.JSONL:
            raise InvalidInput("A file of scores is a .jsonl file, a JSON object on each line.")
        site_id = find_site(runtime, site).id
        tally = _Tally()
        with progress_bar(lines.size) as advance:
            numbered = _numbered(lines, tally)
            while batch := list(islice(numbered, BATCH)):
                problems = record_scores(runtime, site_id, [one for _, one in batch])
                for (number, _), problem in zip(batch, problems, strict=True):
                    tally.add(number, problem)
                advance(lines.source.tell(), f"{tally.recorded:,} recorded")
                time.sleep(PAUSE_SECONDS)
        note_recording(runtime, site_id, tally.recorded, tally.skipped.count)
    tally.report()


@dataclass(slots=True)
class _Tally:
    """How many lines were recorded, and how many were not for which reason."""

    recorded: int = 0
    skipped: Skipped = field(default_factory=Skipped)
    reasons: Counter[str] = field(default_factory=Counter)
    others: set[str] = field(default_factory=set)

    def add(self, number: int, problem: str | None) -> None:
        if problem is None:
            self.recorded += 1
            return
        self.reasons[problem] += 1
        self.skipped.add(number, f"was skipped: {problem}")

    def report(self) -> None:
        screen.say(f"  {self.recorded:>9,}  recorded")
        for reason, count in self.reasons.most_common():
            screen.say(f"  {count:>9,}  skipped: {reason}")
        if self.others:
            names = ", ".join(sorted(screen.visible(name) for name in self.others))
            screen.say(f"No label of ours stands for {screen.shorten(names, 200)}: passed over.")
        self.skipped.end()


def _numbered(lines: CommentFile, tally: _Tally) -> Iterator[tuple[int, Recorded]]:
    for line in read_lines(lines.content, FileFormat.JSONL, _ANY_COLUMNS):
        try:
            yield line.number, _parsed(line)
        except ValueError as error:
            tally.add(line.number, str(error))
        else:
            tally.others |= _others(line.fields)


def _parsed(line: Line) -> Recorded:
    """Return what a line holds. Raises ValueError, with words that quote nothing."""
    if line.problem is not None:
        raise ValueError(f"it {line.problem}")
    external_id = line.fields.get("external_id")
    if not isinstance(external_id, str) or not external_id:
        raise ValueError("it has no external_id")
    scores = _scores(line.fields)
    if not scores:
        raise ValueError("it has no score that could be compared")
    return Recorded(external_id.replace("\0", ""), scores)


def _scores(fields: Mapping[str, object]) -> AttributeScores:
    if "perspective_scores" in fields:
        return checked_scores(fields["perspective_scores"])
    return summary_scores(fields.get("attributeScores", {}))


def _others(fields: Mapping[str, object]) -> set[str]:
    """Return which attributes in a line mean nothing to us."""
    given = fields.get("perspective_scores", fields.get("attributeScores"))
    return set(given) - set(Attribute) if isinstance(given, Mapping) else set()
