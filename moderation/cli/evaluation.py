"""An evaluation from a file to what is printed and written."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from classifiers.evaluation.evaluating import evaluate_groups, evaluate_label
from classifiers.evaluation.examples import worst_examples
from classifiers.evaluation.report import Report, render
from moderation.cli import screen
from moderation.cli.collecting import Collection
from moderation.cli.comment_files import Comment, CommentFile, opened_file
from moderation.cli.evaluation_tables import print_report
from moderation.cli.import_files import FileFormat
from moderation.cli.labelled import LabelColumn, drawn, label_columns, usable
from moderation.cli.progress_bar import progress_bar
from moderation.cli.score_files import ScoreSource, from_classifier, from_file, write_scores
from moderation.cli.scoring import load_classifier, policy_for
from moderation.cli.skipped import Skipped
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label
from moderation.model.policy import Policy

LONGEST_EXAMPLE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asked for; `moderation.cli.evaluate` describes each."""

    file: Path
    classifier: str | None
    text: str | None
    labels: tuple[str, ...]
    by: str | None
    limit: int | None
    seed: int
    site: str | None
    report: Path | None
    examples: bool
    scores: Path | None
    from_scores: Path | None


def evaluate_file(wanted: Wanted) -> None:
    """Score a file or take its scores, measure, print, and write the report if wanted.

    Raises InvalidInput, NotConfigured, NotFound.
    """
    _check_targets(wanted)
    source = _source(wanted)
    policy = policy_for(wanted.site, source.version)
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


def _check_targets(wanted: Wanted) -> None:
    """Notice before the long work what could not be written after it."""
    read = {path.resolve() for path in (wanted.file, wanted.from_scores) if path is not None}
    for target in (wanted.report, wanted.scores):
        if target is not None and target.resolve() in read:
            raise InvalidInput(f"{target} would be overwritten while it is read.")
        if target is not None and not target.parent.is_dir():
            raise InvalidInput(f"There is no folder {target.parent}.")
    if wanted.report and wanted.scores and wanted.report.resolve() == wanted.scores.resolve():
        raise InvalidInput("--report and --scores name the same file.")


def _source(wanted: Wanted) -> ScoreSource:
    if wanted.from_scores is None:
        return from_classifier(load_classifier(wanted.classifier))
    if wanted.classifier is not None or wanted.scores is not None:
        raise InvalidInput("--from-scores runs no classifier: leave --classifier and --scores out.")
    return from_file(wanted.from_scores)


def _collect(wanted: Wanted, source: ScoreSource, policy: Policy, skipped: Skipped) -> Collection:
    with ExitStack() as stack:
        file = stack.enter_context(opened_file(wanted.file))
        found = file.comments(wanted.text, skipped)
        first = next(found, None)
        columns = _columns(wanted, file, source, first)
        comments = usable(chain([first] if first else [], found), columns, skipped)
        lot = None if wanted.limit is None else drawn(comments, wanted.limit, wanted.seed)
        scored = source.score(comments if lot is None else lot, skipped)
        if wanted.scores is not None:
            target = stack.enter_context(wanted.scores.open("w", newline="", encoding="utf-8"))
            scored = write_scores(scored, source.labels, target)
        collection = Collection(source.labels, columns, wanted.by, policy, texts=wanted.examples)
        advance = stack.enter_context(progress_bar(file.size if lot is None else len(lot)))
        for done, (comment, facts) in enumerate(scored, 1):
            collection.add(comment, facts)
            advance(file.source.tell() if lot is None else done, f"{done:,} comments")
    if not collection.count:
        raise InvalidInput("There is no comment that can be evaluated.")
    return collection


def _columns(
    wanted: Wanted, file: CommentFile, source: ScoreSource, first: Comment | None
) -> list[LabelColumn]:
    """Return the columns of labels. Raises InvalidInput where the file lacks what is asked for."""
    names = list(first.fields) if first else []
    columns = label_columns(wanted.labels, names, source.labels)
    known = ", ".join(screen.shorten(name, 40) for name in names)
    if file.format is not FileFormat.JSONL:
        # Fields of JSON may be absent where they are empty.
        for name in (*(column.column for column in columns), *filter(None, [wanted.by])):
            if first and name not in names:
                raise InvalidInput(f"There is no column {name}; there are {known}.")
    if first and not columns and wanted.by is None:
        raise InvalidInput(
            f"No column is named as a label; there are {known}. "
            "Say what one of them means, as in --label toxicity=COLUMN."
        )
    return columns


def _report(
    wanted: Wanted, source: ScoreSource, policy: Policy, collection: Collection, skipped: int
) -> Report:
    sample = collection.sample()
    labels = list(sample.truth) or [label for label in Label if label in source.labels]
    judging = policy.for_scores_of(source.version)
    lines = {label: _threshold(judging, label) for label in labels}
    return Report(
        file=wanted.file.name,
        classifier=source.version,
        policy=_named(wanted.site, policy),
        made_at=datetime.now(UTC),
        seed=wanted.seed,
        comments=collection.count,
        skipped=skipped,
        unreadable=collection.unreadable,
        results=[
            evaluate_label(label, sample, lines[label], wanted.seed) for label in sample.truth
        ],
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
