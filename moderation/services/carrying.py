"""Carrying thresholds over: which ones of another classifier version flag as many comments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import Any

from moderation.model.errors import InvalidInput, NotFound
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.policy import Override, Policy, PublishedPolicy, Threshold
from moderation.model.translation import Translation, translate
from moderation.runtime import Runtime
from moderation.services.publishing import (
    Publication,
    history_of,
    labels_of,
    put_into_force,
)
from moderation.services.sites import site_named
from moderation.storage import score_pairs
from moderation.storage.database import Connection

MOST = 20_000
"""The newest comments with scores by both that a translation rests on."""

ENOUGH = 200
"""On fewer, chance says as much as the comments do."""

_STEPS = 10_000
"""Thresholds are rounded down to four digits: rather one comment more than one overlooked."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One label: from which score the old thresholds keep a comment, and what stands for it."""

    label: Label
    old: float
    translation: Translation

    @property
    def threshold(self) -> Threshold:
        """From where it flags. It rejects nothing: for that somebody must have looked."""
        found = self.translation.threshold
        score = self.translation.low if found is None else found
        return Threshold(flag=max(floor(score * _STEPS), 1) / _STEPS)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Thresholds for another version, on how many comments they rest, and what has none there."""

    old: str
    policy: Policy
    comments: int
    carried: tuple[Carried, ...]
    without: tuple[Label, ...]

    @property
    def reason(self) -> str:
        """Why it is published, in words."""
        return f"Carried over from {self.old}, on {self.comments:,} comments."

    def check(self) -> None:
        """Raise InvalidInput where it rests on too few comments."""
        if self.comments < ENOUGH:
            raise InvalidInput(
                "Only %(comments)s comments have scores by both classifiers; "
                "%(needed)s are needed. Score more of the history first.",
                comments=self.comments,
                needed=ENOUGH,
            )


def propose(runtime: Runtime, site_id: SiteId, old: str | None, new: str) -> Proposal:
    """Carry the thresholds in force for one version over to another; nothing is published.

    `old` None: those that were published last for another than the new one. Raises NotFound (there
    are none), InvalidInput (no comment with scores by both).
    """
    with runtime.reading() as connection:
        return _propose(connection, history_of(connection, site_id), old, new)


def carry(runtime: Runtime, site_name: str, old: str | None, new: str) -> Proposal:
    """Publish what `propose` finds, as a command; return it.

    Raises NotFound, Conflict, InvalidInput (too few comments).
    """
    with runtime.transaction() as connection:
        history = history_of(connection, site_named(connection, site_name).id)
        proposal = _propose(connection, history, old, new)
        proposal.check()
        put_into_force(runtime, connection, history, Publication(proposal.policy, proposal.reason))
    return proposal


def _propose(
    connection: Connection, history: Sequence[PublishedPolicy], old: str | None, new: str
) -> Proposal:
    current = _to_carry(history, old, new)
    pairs = score_pairs.newest(connection, history[0].site_id, current.classifier, new, MOST)
    if not pairs:
        raise InvalidInput(
            "No comment has scores by both %(old)s and %(new)s.", old=current.classifier, new=new
        )
    known = labels_of(connection, history[0].site_id, new, current)
    lines = {
        label: line for label, one in current.thresholds.items() if (line := one.lowest) is not None
    }
    carried = tuple(_carried(label, line, pairs) for label, line in lines.items() if label in known)
    policy = replace(
        current.moved_to(new),
        version=history[0].policy.version + 1,
        thresholds={one.label: one.threshold for one in carried},
        overrides=tuple(_carried_overrides(current.overrides, known, pairs)),
    )
    without = tuple(label for label in lines if label not in known)
    return Proposal(current.classifier, policy, len(pairs), carried, without)


def _carried_overrides(
    overrides: Sequence[Override], known: Sequence[Label], pairs: Sequence[Any]
) -> Iterator[Override]:
    for one in overrides:
        thresholds = {
            label: old if old.lowest is None else _carried(label, old.lowest, pairs).threshold
            for label, old in one.thresholds.items()
            if label in known
        }
        if thresholds:
            yield Override(one.pattern, thresholds)


def _to_carry(history: Sequence[PublishedPolicy], old: str | None, new: str) -> Policy:
    for one in history:
        classifier = one.policy.classifier
        if classifier == old or (old is None and classifier != new):
            return one.policy
    if old is None:
        raise NotFound("This site has no thresholds for another than %(new)s.", new=new)
    raise NotFound("This site has no thresholds for %(old)s.", old=old)


def _carried(label: Label, line: float, pairs: Sequence[Any]) -> Carried:
    both = [(getattr(row, f"old_{label}"), getattr(row, f"new_{label}")) for row in pairs]
    scored = [(old, new) for old, new in both if old is not None and new is not None]
    olds, news = [old for old, _ in scored], [new for _, new in scored]
    return Carried(label, line, translate(olds, news, line))
