"""`copydesk translate`: which thresholds stand for those of another classifier."""

from typing import Annotated

import typer

from moderation.cli import options
from moderation.cli.score_output import OutputFormat
from moderation.cli.scored_file import Scoring

FROM = "Which column holds the old scores."
TO = "Which column holds the new scores; else a classifier scores the texts."
AT = "An old threshold; else .05, .1, … .95."


def translate(  # noqa: PLR0913 - one option each
    file: options.LabelledFile,
    *,
    old: Annotated[
        list[str] | None, typer.Option("--from", metavar="LABEL=COLUMN", help=FROM)
    ] = None,
    new: Annotated[list[str] | None, typer.Option("--to", metavar="LABEL=COLUMN", help=TO)] = None,
    at: Annotated[list[float] | None, typer.Option(metavar="SCORE", help=AT)] = None,
    classifier: options.ClassifierName = None,
    text: options.TextColumn = None,
    limit: options.Limit = None,
    seed: options.Seed = 1,
    report: options.ReportFile = None,
    output: Annotated[
        OutputFormat, typer.Option("--format", help="What is printed.")
    ] = OutputFormat.TABLE,
    scores: options.ScoresFile = None,
    from_scores: options.StoredScores = None,
) -> None:
    """Carry thresholds over from another classifier, on comments that it has scored.

    Its scores stand in columns of the labels' names (toxicity, insult, …), or where --from says;
    docs/classifiers/translating.md says which of the two thresholds to take.

    Ends with 1 if the file holds lines that cannot be used.
    """
    # Here and not above: it loads numpy, for which no other command need wait.
    from moderation.cli.translation import Wanted, translate_file  # noqa: PLC0415

    scoring = Scoring(file, classifier, text, limit, seed, scores, from_scores)
    translate_file(
        Wanted(scoring, tuple(old or ()), tuple(new or ()), tuple(at or ()), report, output)
    )
