"""An evaluation from a file to what is printed and written."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from classifiers.evaluation.evaluating import evaluate_groups, evaluate_label
from classifiers.evaluation.examples import worst_examples
from classifiers.evaluation.report import Report, render
from moderation.cli import screen
from moderation.cli.collecting import Collection
from moderation.cli.evaluation_tables import print_report
from moderation.cli.labelled import LabelColumn, label_columns, usable
from moderation.cli.score_files import ScoreSource
from moderation.cli.scored_file import OpenedComments, Scoring, opened_comments
from moderation.cli.scoring import policy_for
from moderation.cli.skipped import Skipped
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label
from moderation.model.policy import Policy

LONGEST_EXAMPLE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asked for; `moderation.cli.evaluate` describes each."""

    scoring: Scoring
    labels: tuple[str, ...]
    by: str | None
    site: str | None
    report: Path | None
    examples: bool


def evaluate_file(wanted: Wanted) -> None:
    """Score a file or take its scores, measure, print, and write the report if wanted.

    Raises InvalidInput, NotConfigured, NotFound.
    """
    wanted.scoring.check_targets(wanted.report)
    source = wanted.scoring.source()
    policy = policy_for(wanted.site, source.version, source.labels)
    if policy.for_scores_of(source.version).classifier != source.version:
        screen.complain(f"the policy is for {policy.classifier}: it flags whatever others scored")
    skipped = Skipped()
    collection = _collect(wanted, source, policy, skipped)
    report = _report(wanted, source, policy, collection, skipped.count)
    print_report(report)
    if wanted.report is not None:
        wanted.report.write_text(render(report), encoding="utf-8")
        screen.say(f"The report is in {wanted.report}")
    skipped.end()


def _collect(wanted: Wanted, source: ScoreSource, policy: Policy, skipped: Skipped) -> Collection:
    with opened_comments(wanted.scoring, skipped) as opened:
        columns = _columns(wanted, opened, source)
        comments = usable(opened.comments, columns, skipped)
        collection = Collection(source.labels, columns, wanted.by, policy, texts=wanted.examples)
        for comment, facts in opened.scored(comments, source, skipped):
            collection.add(comment, facts)
    if not collection.count:
        raise InvalidInput("There is no comment that can be evaluated.")
    return collection


def _columns(wanted: Wanted, opened: OpenedComments, source: ScoreSource) -> list[LabelColumn]:
    """Return the columns of labels. Raises InvalidInput where the file lacks what is asked for."""
    columns = label_columns(wanted.labels, opened.names, source.labels)
    opened.require([*(column.column for column in columns), *filter(None, [wanted.by])])
    if opened.names and not columns and wanted.by is None:
        raise InvalidInput(
            f"No column is named as a label; there are {opened.known}. "
            "Say what one of them means, as in --label toxicity=COLUMN."
        )
    return columns


def _report(
    wanted: Wanted, source: ScoreSource, policy: Policy, collection: Collection, skipped: int
) -> Report:
    sample, seed = collection.sample(), wanted.scoring.seed
    labels = list(sample.truth) or [label for label in Label if label in source.labels]
    judging = policy.for_scores_of(source.version)
    lines = {label: _threshold(judging, label) for label in labels}
    return Report(
        file=wanted.scoring.file.name,
        classifier=source.version,
        policy=_named(wanted.site, policy),
        made_at=datetime.now(UTC),
        seed=seed,
        comments=collection.count,
        skipped=skipped,
        unreadable=collection.unreadable,
        results=[evaluate_label(label, sample, lines[label], seed) for label in sample.truth],
        by=wanted.by,
        groups={
            label: evaluate_groups(label, sample, lines[label]) for label in labels if wanted.by
        },
        thresholds=lines,
        examples={
            label: worst_examples(label, sample, lambda at: _quoted(collection, at))
            for label in sample.truth
            if wanted.examples
        },
    )


def _quoted(collection: Collection, at: int) -> str:
    return screen.shorten(screen.visible(collection.texts[at]), LONGEST_EXAMPLE)


def _threshold(policy: Policy, label: Label) -> float | None:
    threshold = policy.thresholds.get(label)
    return None if threshold is None else threshold.lowest


def _named(site: str | None, policy: Policy) -> str:
    return "a new site's first ones" if site is None else f"of {site}, version {policy.version}"
