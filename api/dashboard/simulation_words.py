"""The words in which a simulation is told to somebody who knows no statistics."""

from moderation.model.decisions import Action
from moderation.model.proportions import Proportion
from moderation.model.simulation import ENOUGH, Change
from moderation.services.simulating import EVERYTHING, PERIODS, Period, Simulation

CHOICES = {days: f"the last {days} days" for days in PERIODS} | {EVERYTHING: "everything"}

CHANGES: dict[Change, str] = {
    (Action.APPROVE, Action.FLAG): "approved now, would wait for a person",
    (Action.APPROVE, Action.REJECT): "approved now, would be rejected without a person",
    (Action.FLAG, Action.APPROVE): "wait for a person now, would be approved",
    (Action.FLAG, Action.REJECT): "wait for a person now, would be rejected without one",
    (Action.REJECT, Action.FLAG): "rejected without a person now, would wait for one",
    (Action.REJECT, Action.APPROVE): "rejected without a person now, would be approved",
}


def told(found: Simulation) -> str:
    """Say what the policy does, or what the draft would do instead."""
    if not found.comments:
        return f"Nothing with these scores was written in {_time(found.period)}."
    return " ".join(filter(None, (_waiting(found), _rejected(found), _missed(found))))


def these(found: Simulation) -> str:
    """Name the comments that were replayed."""
    number = f"{found.comments:,} comment{'' if found.comments == 1 else 's'}"
    if found.period.days == EVERYTHING:
        return f"all {number}"
    return f"the {number} of {_time(found.period)}"


def a_day(number: float) -> str:
    """Say how many there are on a day."""
    return "fewer than 1" if 0 < number < 1 else f"{number:,.0f}"


def duration(hours: float) -> str:
    """Say how long people read on a day."""
    minutes = round(hours * 60)
    if minutes < 1:
        return "no time" if hours == 0 else "less than a minute"
    if minutes < 55:  # noqa: PLR2004 - nearer to an hour than to 50 minutes
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    rounded = round(hours * 2) / 2
    return "1 hour" if rounded == 1 else f"{rounded:,g} hours"


def share(of: Proportion) -> str:
    """Say a share with its interval, or that there is too little to tell."""
    if of.share is None or of.of < ENOUGH:
        return f"too few to tell ({of.of})"
    return f"{of.share:.0%} ({of.low:.0%} to {of.high:.0%}), on {of.of:,}".replace("%", " %")


def pace(found: Simulation) -> str:
    """Say where the time that people need comes from."""
    known = found.pace
    if known.is_measured:
        return f"{known.seconds:.0f} seconds for a comment, the median at this site"
    return f"{known.seconds:.0f} seconds for a comment, a guess until people have decided more here"


def _time(period: Period) -> str:
    return "all the time" if period.days == EVERYTHING else f"the last {period.days} days"


def _waiting(found: Simulation) -> str:
    live, draft = found.live, found.draft
    now = f"{a_day(found.a_day(live))} a day", duration(found.hours_a_day(live))
    if draft is None:
        wait = "waits" if live.flagged == 1 else "wait"
        how_much = f": {now[0]}, {now[1]} of reading" if live.flagged else ""
        return f"Of {these(found)}, {live.flagged:,} {wait} for a person{how_much}."
    if draft.flagged == live.flagged:
        return f"Of {these(found)}, {live.flagged:,} would wait for a person, as many as now."
    then = duration(found.hours_a_day(draft))
    how_long = f"{then} of reading" + (" as now" if then == now[1] else f" instead of {now[1]}")
    return (
        f"Of {these(found)}, {draft.flagged:,} would wait for a person instead of"
        f" {live.flagged:,}: {a_day(found.a_day(draft))} a day instead of"
        f" {a_day(found.a_day(live))}, {how_long}."
    )


def _rejected(found: Simulation) -> str:
    live, draft = found.live, found.draft
    if draft is None:
        are = "is" if live.rejected == 1 else "are"
        return f"{live.rejected:,} {are} rejected without a person." if live.rejected else ""
    if draft.rejected == live.rejected:
        return ""
    return f"{draft.rejected:,} would be rejected without a person instead of {live.rejected:,}."


def _missed(found: Simulation) -> str:
    side = found.live if found.draft is None else found.draft
    if not side.recall.of:
        return "Your moderators rejected none of them, so nothing tells what is missed."
    would = "are" if found.draft is None else "would be"
    instead = ""
    if found.draft is not None and found.live.missed != side.missed:
        instead = f" instead of {found.live.missed:,}"
    few = ", which is too few to tell much" if side.recall.of < ENOUGH else ""
    return (
        f"{side.missed:,} of the {side.recall.of:,} that your moderators rejected"
        f" {would} missed{instead}{few}."
    )
