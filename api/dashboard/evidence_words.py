"""The words in which evidence is told: how far a label is from rejecting by itself."""

from collections.abc import Mapping
from math import floor

from api.dashboard.languages import gettext, number, unrounded
from moderation.model.evidence import NEEDED, SURE, Evidence
from moderation.model.labels import Label

SURE_PERCENT = 100 * SURE


def of_each(found: Mapping[Label, Evidence], *, rejecting: bool) -> Mapping[Label, str]:
    """Say it of each label; while nothing rejects, not of those of which there is nothing yet."""
    return {label: told(one) if rejecting or one.decided else "" for label, one in found.items()}


def told(of: Evidence) -> str:
    """Say what people decided from the line on, and what is missing."""
    said = _decided(of)
    if of.is_enough:
        return gettext("%(decided)s: enough.", decided=said)
    if of.decided < NEEDED:
        return gettext("%(decided)s; it takes %(needed)s.", decided=said, needed=number(NEEDED))
    return gettext(
        "%(decided)s; it takes %(sure)s %% for sure.", decided=said, sure=unrounded(SURE_PERCENT)
    )


def _decided(of: Evidence) -> str:
    line, decided = unrounded(of.band.line), number(of.decided)
    if of.rejected.share is None:
        return gettext("From %(line)s on: none decided", line=line)
    return gettext(
        "From %(line)s on: %(decided)s decided, %(share)s %% rejected (%(low)s to %(high)s)",
        line=line,
        decided=decided,
        share=number(100 * of.rejected.share, 1),
        # Rounded down: what is not enough never looks as if it were.
        low=number(floor(1000 * of.rejected.low) / 10, 1),
        high=number(100 * of.rejected.high, 1),
    )
