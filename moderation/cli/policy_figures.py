"""A simulation in the terminal: the policy in force and the draft, side by side."""

from collections.abc import Iterator

from moderation.cli import screen
from moderation.model.estimates import Estimate
from moderation.model.labels import Label
from moderation.model.proportions import Proportion
from moderation.model.simulation import ENOUGH, Side
from moderation.services.simulating import EVERYTHING, Simulation

COLUMNS = ("", "in force", "draft")
FLIPS = ("now", "then", "comments", "judged by people")


def print_simulation(found: Simulation) -> None:
    """Print what both policies do, and what flips."""
    screen.say(_heading(found))
    if found.draft is None or not found.comments:
        return
    screen.table(COLUMNS, _rows(found, found.live, found.draft))
    if found.flips:
        flips = [each.flip for each in found.flips]
        screen.table(FLIPS, ((*one.change, f"{one.number:,}", f"{one.judged:,}") for one in flips))
    else:
        screen.say("Every comment would be decided as it is now.")
    for said in (_corrected(found), _new_words(found)):
        if said:
            screen.say(said)
    screen.say(
        f"People judged {found.judged:,} of them, most because a policy flagged them: what is "
        "stopped of all that they would reject is rather less. In brackets: 95 % intervals."
    )


def _corrected(found: Simulation) -> str:
    audited = found.corrected
    if audited is None or audited.live is None or audited.draft is None:
        return ""
    now, then = (
        "nothing to stop was found" if side.share is None else _estimate(side.share * 100, " %")
        for side in (audited.live, audited.draft)
    )
    bad = _estimate(audited.live.rejectable)
    return (
        f"By {audited.samples:,} samples of the audit people would reject {bad} of these comments. "
        f"Of those the policy in force stops {now}, the draft {then}."
    )


def _new_words(found: Simulation) -> str:
    a_day = found.new_words_a_day
    if found.words is None or a_day is None:
        return ""
    return (
        f"Words that are new are not counted above: {found.words.found:,} of the newest "
        f"{found.words.comments:,} comments have one, about {_estimate(a_day)} a day."
    )


def _estimate(found: Estimate, unit: str = "") -> str:
    about, low, high = (f"{one:,.0f}{unit}" for one in (found.about, found.low, found.high))
    return f"{about} ({low} to {high})"


def _heading(found: Simulation) -> str:
    days = found.period.days
    time = "all the time" if days == EVERYTHING else f"the last {days} days"
    return f"{found.comments:,} comments of {time}, by scores of {found.period.of.classifier}:"


def _rows(found: Simulation, live: Side, draft: Side) -> Iterator[tuple[str, ...]]:
    both = (live, draft)
    yield "wait for a person", *(f"{side.flagged:,}" for side in both)
    yield "  a day", *(f"{found.a_day(side):,.1f}" for side in both)
    yield "  hours of reading a day", *(f"{found.hours_a_day(side):,.1f}" for side in both)
    yield "rejected without a person", *(f"{side.rejected:,}" for side in both)
    yield "of what it stops, people rejected", *(_share(side.precision) for side in both)
    yield "of what people rejected, it stops", *(_share(side.recall) for side in both)
    yield "approved, and people rejected it", *(f"{side.missed:,}" for side in both)
    for label in Label:
        over = [side.over.get(label, 0) for side in both]
        if any(over):
            yield f"over a line of {label}", *(f"{number:,}" for number in over)


def _share(found: Proportion) -> str:
    if found.share is None or found.of < ENOUGH:
        return f"too few to tell ({found.of})"
    return f"{found.share:.0%} ({found.low:.0%} to {found.high:.0%}), on {found.of:,}"
