"""A simulation in figures, as programs read it."""

from dataclasses import asdict
from typing import Any

from moderation.model.corrected import Corrected, Correction
from moderation.model.proportions import Proportion
from moderation.model.simulation import ENOUGH, Share, Side
from moderation.services.simulating import Simulation


def figures_of(found: Simulation) -> dict[str, Any]:
    """Return what a simulation says, and no text of a comment."""
    ends = found.period.ends
    return {
        "classifier": found.period.of.classifier,
        "days": found.period.days,
        "from": ends and ends[0].isoformat(),
        "until": ends and ends[1].isoformat(),
        "comments": found.comments,
        "judged": found.judged,
        "seconds_a_comment": found.pace.seconds,
        "seconds_are_measured": found.pace.is_measured,
        "in_force": _side(found, found.live),
        "draft": found.draft and _side(found, found.draft),
        "flips": [
            {
                "from": each.flip.change[0].value,
                "to": each.flip.change[1].value,
                "comments": each.flip.number,
                "judged": each.flip.judged,
            }
            for each in found.flips
        ],
        "by_language": [_share(share) for share in found.by_language],
        "by_section": [_share(share) for share in found.by_section],
        "corrected": found.corrected and _corrected(found.corrected),
        "new_words": _new_words(found),
    }


def _side(found: Simulation, side: Side) -> dict[str, Any]:
    return {
        "flagged": side.flagged,
        "flagged_a_day": round(found.a_day(side), 2),
        "hours_a_day": round(found.hours_a_day(side), 2),
        "rejected": side.rejected,
        "missed": side.missed,
        "precision": _proportion(side.precision),
        "recall": _proportion(side.recall),
        "over": {label.value: number for label, number in sorted(side.over.items())},
    }


def _corrected(audited: Correction) -> dict[str, Any]:
    return {
        "comments": audited.comments,
        "samples": audited.samples,
        "looked_at": audited.looked_at,
        "unknown": audited.unknown,
        "in_force": audited.live and _corrected_side(audited.live),
        "draft": audited.draft and _corrected_side(audited.draft),
    }


def _corrected_side(side: Corrected) -> dict[str, Any]:
    return {
        "stops": asdict(side.stops),
        "misses": asdict(side.misses),
        "share": side.share and asdict(side.share),
    }


def _new_words(found: Simulation) -> dict[str, Any] | None:
    a_day = found.new_words_a_day
    if found.words is None or a_day is None:
        return None
    return {"comments": found.words.comments, "found": found.words.found, "a_day": asdict(a_day)}


def _proportion(found: Proportion) -> dict[str, Any]:
    """Return a share with its interval; on few comments, only what it rests on."""
    many = {"many": found.many, "of": found.of}
    if found.of < ENOUGH:
        return {**many, "share": None, "low": None, "high": None}
    return {**many, "share": found.share, "low": found.low, "high": found.high}


def _share(share: Share) -> dict[str, Any]:
    return {"name": share.name, "in_force": share.live, "draft": share.draft}
