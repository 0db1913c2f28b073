"""A file of comments, scored by a classifier or by what one said before."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from moderation.cli import screen
from moderation.cli.comment_files import Comment, CommentFile, opened_file
from moderation.cli.import_files import FileFormat
from moderation.cli.labelled import drawn
from moderation.cli.progress_bar import progress_bar
from moderation.cli.score_files import (
    Scored,
    ScoreSource,
    from_classifier,
    from_file,
    write_scores,
)
from moderation.cli.scoring import load_classifier
from moderation.cli.skipped import Skipped
from moderation.model.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Scoring:
    """Which comments are scored and by what; `moderation.cli.options` describes each."""

    file: Path
    classifier: str | None
    text: str | None
    limit: int | None
    seed: int
    scores: Path | None
    from_scores: Path | None

    def source(self) -> ScoreSource:
        """Return what scores. Raises InvalidInput, NotConfigured."""
        if self.from_scores is None:
            return from_classifier(load_classifier(self.classifier))
        if self.classifier is not None or self.scores is not None:
            raise InvalidInput(
                "--from-scores runs no classifier: leave --classifier and --scores out."
            )
        return from_file(self.from_scores)

    def check_targets(self, report: Path | None) -> None:
        """Notice before the long work what could not be written after it. Raises InvalidInput."""
        read = {path.resolve() for path in (self.file, self.from_scores) if path is not None}
        for target in (report, self.scores):
            if target is not None and target.resolve() in read:
                raise InvalidInput(f"{target} would be overwritten while it is read.")
            if target is not None and not target.parent.is_dir():
                raise InvalidInput(f"There is no folder {target.parent}.")
        if report and self.scores and report.resolve() == self.scores.resolve():
            raise InvalidInput("--report and --scores name the same file.")


@dataclass(frozen=True, slots=True)
class OpenedComments:
    """The comments of an open file, to be read once; `names` are the fields of the first.

    What is opened to score them is closed with the file.
    """

    scoring: Scoring
    file: CommentFile
    names: Sequence[str]
    comments: Iterator[Comment]
    stack: ExitStack

    @property
    def known(self) -> str:
        """The names as an error tells them."""
        return ", ".join(screen.shorten(name, 40) for name in self.names)

    def require(self, columns: Iterable[str]) -> None:
        """Raise InvalidInput where the file lacks a column. Fields of JSON may be absent."""
        if self.file.format is FileFormat.JSONL or not self.names:
            return
        for name in columns:
            if name not in self.names:
                raise InvalidInput(f"There is no column {name}; there are {self.known}.")

    def scored(self, comments: Iterable[Comment], source: ScoreSource, skipped: Skipped) -> Scored:
        """Yield these comments with what was found, or a lot of them, and show how far it is."""
        scoring = self.scoring
        lot = None if scoring.limit is None else drawn(comments, scoring.limit, scoring.seed)
        scored = source.score(comments if lot is None else lot, skipped)
        if scoring.scores is not None:
            target = scoring.scores.open("w", newline="", encoding="utf-8")
            scored = write_scores(scored, source.labels, self.stack.enter_context(target))
        total = self.file.size if lot is None else len(lot)
        advance = self.stack.enter_context(progress_bar(total))
        for done, (comment, facts) in enumerate(scored, 1):
            yield comment, facts
            advance(self.file.source.tell() if lot is None else done, f"{done:,} comments")


@contextmanager
def opened_comments(
    scoring: Scoring, skipped: Skipped, *, texts: bool = True
) -> Iterator[OpenedComments]:
    """Open a file and look at its first comment, or line if no texts are needed.

    Raises InvalidInput.
    """
    with opened_file(scoring.file) as file, ExitStack() as stack:
        found = file.comments(scoring.text, skipped) if texts else file.rows(skipped)
        first = next(found, None)
        rest = found if first is None else chain([first], found)
        yield OpenedComments(scoring, file, list(first.fields) if first else [], rest, stack)
