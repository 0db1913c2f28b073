"""An evaluation on the terminal."""

from collections.abc import Iterator

from classifiers.evaluation.metrics import Confusion
from classifiers.evaluation.report import Report
from classifiers.evaluation.wording import NOTHING, estimate, number, rate
from moderation.cli import screen


def print_report(report: Report) -> None:
    """Print the figures of a report."""
    screen.say(f"{report.comments:,} comments, scored by {report.classifier}")
    if report.unreadable:
        screen.say(f"{report.unreadable:,} of them in a script that it has not learnt")
    if report.results:
        _print_measures(report)
        screen.say(f"What the thresholds do ({report.policy}); intervals are of 95 %:")
        columns = ("label", "flags by", "precision", "recall", "false-positive rate")
        screen.table(columns, _decisions(report))
    for label, groups in report.groups.items():
        line = report.thresholds[label]
        over = "over the threshold" if line is None else f"at or over {line:g}"
        screen.table(
            (
                f"{label} by {report.by}",
                "comments",
                "positives",
                "mean score",
                over,
                "by any label",
            ),
            (
                (
                    group.name or "(empty)",
                    f"{group.count:,}",
                    f"{group.positives.count:,}" if group.positives.of else NOTHING,
                    number(group.mean_score),
                    rate(group.over) if group.over else NOTHING,
                    rate(group.by_policy),
                )
                for group in groups
            ),
        )


def _print_measures(report: Report) -> None:
    columns = (
        "label",
        "comments",
        "positives",
        "ROC AUC",
        "average precision",
        "Brier",
        "calibration error",
    )
    rows = (
        (
            result.label,
            f"{result.positives + result.negatives:,}",
            f"{result.positives:,}",
            estimate(result.auc),
            estimate(result.average_precision),
            number(result.brier),
            number(result.calibration_error),
        )
        for result in report.results
    )
    screen.table(columns, rows)


def _decisions(report: Report) -> Iterator[tuple[str, ...]]:
    for result in report.results:
        if result.at_threshold is None:
            yield (result.label, "nothing", NOTHING, NOTHING, NOTHING)
        else:
            yield (result.label, f"{result.threshold:g}", *_rates(result.at_threshold))
        yield (result.label, "any label", *_rates(result.by_policy))


def _rates(made: Confusion) -> tuple[str, str, str]:
    return rate(made.precision), rate(made.recall), rate(made.false_positive_rate)
