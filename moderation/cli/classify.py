"""`copydesk classify`: score comments here and now, and say what a policy would do with them."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from moderation.cli.comment_files import Comment, comments_in, comments_in_stream, opened_file
from moderation.cli.import_files import Line
from moderation.cli.options import ClassifierName, SiteName, TextColumn
from moderation.cli.progress_bar import progress_bar
from moderation.cli.score_output import OutputFormat, Scored, writer
from moderation.cli.scoring import load_classifier, policy_for, score_each
from moderation.cli.skipped import Skipped
from moderation.model.errors import InvalidInput
from moderation.model.verdicts import decide


@dataclass(frozen=True, slots=True)
class _Source:
    """Where comments come from; `position` of `total` says how far the reader is."""

    comments: Iterator[Comment]
    skipped: Skipped
    total: float | None = None
    position: Callable[[], float] = float


def classify(  # noqa: PLR0913 - one option each
    texts: Annotated[list[str] | None, typer.Argument(metavar="TEXT")] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Lines of text, or .jsonl, or .csv."),
    ] = None,
    text: TextColumn = None,
    classifier: ClassifierName = None,
    output: Annotated[
        OutputFormat, typer.Option("--format", help="What is printed.")
    ] = OutputFormat.TABLE,
    site: SiteName = None,
) -> None:
    """Score comments: those given here, in a file, or on each line of standard input.

    The action is what the first policy of a new site would do, or with --site that site's own.
    Nothing is stored.

    Ends with 1 if there are comments that cannot be used.
    """
    with ExitStack() as stack:
        source = _source(stack, texts or (), file, text)
        loaded = load_classifier(classifier)
        policy = policy_for(site, loaded.version, loaded.labels)
        write = writer(output, loaded.labels)
        # On a terminal the lines themselves show how far it is.
        wanted = not sys.stdout.isatty()
        advance = stack.enter_context(progress_bar(source.total, wanted=wanted))
        scored = score_each(loaded, source.comments, source.skipped)
        for done, (comment, facts) in enumerate(scored, 1):
            write(Scored(comment.text, facts.scores, decide(facts, policy).action, facts.language))
            advance(source.position(), f"{done:,} comments")
    source.skipped.end()


def _source(
    stack: ExitStack, texts: Sequence[str], path: Path | None, column: str | None
) -> _Source:
    if texts and path is not None:
        raise InvalidInput("Give texts or --file, not both.")
    if texts:
        skipped = Skipped("text")
        lines = (Line(number, {"text": text}) for number, text in enumerate(texts, 1))
        return _Source(comments_in(lines, None, skipped), skipped)
    skipped = Skipped()
    if path is not None:
        file = stack.enter_context(opened_file(path))
        comments = file.comments(column, skipped)
        return _Source(comments, skipped, file.size, file.source.tell)
    if sys.stdin.isatty():
        raise InvalidInput("Give texts, or --file FILE, or lines of text on standard input.")
    return _Source(comments_in_stream(sys.stdin.buffer, skipped), skipped)
