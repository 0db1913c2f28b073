"""What `copydesk shadow show` prints."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from moderation.cli import screen
from moderation.model.beside import Beside, Difference, Stopped
from moderation.model.decisions import Action, ReasonKind
from moderation.model.labels import Label
from moderation.model.proportions import Proportion
from moderation.model.sign_test import Finding, SignTest
from moderation.model.simulation import ENOUGH, Change, Side
from moderation.services.shadow_reports import ShadowReport

FINDINGS = {
    Finding.BETTER: "The shadow is better: that is more than chance.",
    Finding.WORSE: "The shadow is worse: that is more than chance.",
    Finding.UNSURE: "Not yet sure which is better.",
}


def show(report: ShadowReport) -> None:
    """Print a report for people."""
    shadow, found = report.shadow, report.beside
    by = shadow.started_by or "a command"
    screen.say(f"Since {shadow.started_at:%Y-%m-%d %H:%M} UTC, by {screen.visible(by)}.")
    for line in _getting_on(report):
        screen.say(line)
    screen.say(f"{found.comments:,} comments compared, {found.judged:,} of them judged by people:")
    version = f"version {report.live.policy.version}"
    rows = zip(_cells(report, found.live), _cells(report, found.shadow), strict=True)
    named = ((name, live, shadowed) for (name, live), (_, shadowed) in rows)
    screen.table(("", version, "shadow"), named)
    columns = (
        "label or rule",
        f"{version} stops",
        "people rejected",
        "shadow stops",
        "people rejected",
    )
    if found.stopped_for:
        stopped = ((what, *_stopped(*both)) for what, both in found.stopped_for.items())
        screen.table(columns, stopped)
    if found.differences:
        differing = (
            (f"{now} → {then}", f"{of.number:,}", f"{of.judged:,}", f"{of.rejected:,}")
            for (now, then), of in found.differences.items()
        )
        screen.table(("version, then shadow", "comments", "judged", "rejected"), differing)
    screen.say(_finding(found.sign_test))


def as_json(site: str, report: ShadowReport) -> dict[str, Any]:
    """Return a report for programs."""
    shadow, found = report.shadow, report.beside
    return {
        "site": site,
        "classifier": shadow.classifier,
        "beside": report.running,
        "version": report.live.policy.version,
        "started_at": shadow.started_at.isoformat(),
        "started_by": shadow.started_by,
        "reason": shadow.reason,
        "days": round(report.days, 3),
        "decided": report.decided,
        "compared": found.comments,
        "judged": found.judged,
        "waiting": report.jobs.waiting if report.jobs else 0,
        "left_out": report.left_out,
        "classifier_missing": bool(report.jobs and report.jobs.is_missing),
        "live": _side(report, found.live),
        "shadow": _side(report, found.shadow),
        "agreement": found.agreement.share,
        "by_label": _by(Label, found),
        "by_rule": _by(ReasonKind, found),
        "differences": [_difference(*one) for one in found.differences.items()],
        **_of(found.sign_test),
    }


def _by(kind: type[Label] | type[ReasonKind], found: Beside) -> dict[str, Any]:
    return {
        what.value: {
            name: {"stopped": one.number, "precision": _proportion(one.precision)}
            for name, one in zip(("live", "shadow"), both, strict=True)
        }
        for what, both in found.stopped_for.items()
        if isinstance(what, kind)
    }


def _difference(change: Change, of: Difference) -> dict[str, Any]:
    now, then = change
    return {
        "live": now.value,
        "shadow": then.value,
        "comments": of.number,
        "judged": of.judged,
        "rejected": of.rejected,
    }


def _of(test: SignTest) -> dict[str, Any]:
    return {
        "finding": test.finding.value,
        "shadow_right": test.shadow,
        "live_right": test.live,
        "evidence": test.evidence if isfinite(test.evidence) else None,
        "mcnemar_p": test.p,
        "needed": test.needed,
    }


def _getting_on(report: ShadowReport) -> Iterator[str]:
    yield f"It judges the scores of {report.shadow.classifier}; {report.running} decides."
    if report.jobs is None:
        return
    yield (
        f"{report.decided:,} comments were decided since; {report.jobs.waiting:,} wait for its "
        f"scores, {report.left_out:,} never got any."
    )
    if report.jobs.is_missing:
        yield "No worker has this classifier: set COPYDESK_NEXT_CLASSIFIER, and restart them."


def _cells(report: ShadowReport, side: Side) -> Iterator[tuple[str, str]]:
    for action in Action:
        many = side.actions.get(action, 0)
        yield action.value, f"{many:,} ({report.a_day(many):,.1f} a day)"
    yield "hours of reading a day", f"{report.hours_a_day(side):.2f}"
    yield "of what it stops, people rejected", _share(side.precision)
    yield "of what people rejected, it stops", _share(side.recall)


def _stopped(*both: Stopped) -> Iterator[str]:
    for one in both:
        yield f"{one.number:,}"
        yield _share(one.precision)


def _share(of: Proportion) -> str:
    if of.share is None or of.of < ENOUGH:
        return f"too few to tell ({of.of})"
    return f"{of.share:.0%} ({of.low:.0%} to {of.high:.0%}), on {of.of:,}"


def _finding(test: SignTest) -> str:
    said = (
        f"{FINDINGS[test.finding]} Of {test.judged:,} judged comments that one of both stops, the "
        f"shadow is right about {test.shadow:,}, the other about {test.live:,} "
        f"(evidence {test.evidence:.3g}, McNemar's p {test.p:.3g})."
    )
    if test.finding is not Finding.UNSURE:
        return said
    if test.needed is None:
        return f"{said} They are so alike that no number is likely to tell."
    return f"{said} About {test.needed:,} more are needed."


def _side(report: ShadowReport, side: Side) -> dict[str, Any]:
    actions = {action.value: side.actions.get(action, 0) for action in Action}
    return {
        **actions,
        "flag_a_day": report.a_day(side.flagged),
        "hours_a_day": report.hours_a_day(side),
        "precision": _proportion(side.precision),
        "recall": _proportion(side.recall),
    }


def _proportion(of: Proportion) -> dict[str, Any]:
    return {"many": of.many, "of": of.of, "share": of.share, "low": of.low, "high": of.high}
