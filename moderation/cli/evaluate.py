"""`copydesk evaluate`: how well a classifier fits comments that people have labelled."""

from moderation.cli import options
from moderation.cli.scored_file import Scoring


def evaluate(  # noqa: PLR0913 - one option each
    file: options.LabelledFile,
    *,
    classifier: options.ClassifierName = None,
    text: options.TextColumn = None,
    label: options.LabelColumns = None,
    by: options.GroupColumn = None,
    limit: options.Limit = None,
    seed: options.Seed = 1,
    site: options.SiteName = None,
    report: options.ReportFile = None,
    examples: options.Examples = False,
    scores: options.ScoresFile = None,
    from_scores: options.StoredScores = None,
) -> None:
    """Measure a classifier on labelled comments; docs/evaluating.md says how to read the figures.

    Labels stand in columns of their names (toxicity, insult, …) as 0 or 1, or where --label says.

    Ends with 1 if the file holds lines that cannot be used.
    """
    # Here and not above: it loads numpy, for which no other command need wait.
    from moderation.cli.evaluation import Wanted, evaluate_file  # noqa: PLC0415

    scoring = Scoring(file, classifier, text, limit, seed, scores, from_scores)
    evaluate_file(Wanted(scoring, tuple(label or ()), by, site, report, examples))
