"""Judging: the ledger of the client and its inbox, held against the evidence."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tests.faults.matrix.evidence import Evidence, StoredComment, StoredDecision
from tests.faults.matrix.ledger import Entry, Ledger
from tests.faults.matrix.webhooks import Inbox

_STATUS = {"approve": "approved", "flag": "flagged", "reject": "rejected"}


@dataclass(frozen=True)
class Judgement:
    """Which comments broke which promise, by their external ids."""

    ledger: Ledger
    evidence: Evidence
    inbox: Inbox
    poison: frozenset[str]

    @cached_property
    def lost(self) -> list[str]:
        """What was accepted and is not there as it was accepted last."""
        stored = {comment.external_id: comment for comment in self.evidence.comments.values()}
        return [
            external_id
            for external_id, entry in self.ledger.entries.items()
            if not _is_kept(entry, stored.get(external_id))
        ]

    @cached_property
    def undecided(self) -> list[str]:
        """Comments without a decision on the text they have, or in another status than it says."""
        return [comment.external_id for comment in self._alive() if not self._is_decided(comment)]

    @cached_property
    def decided_twice(self) -> list[str]:
        """Comments of which one revision was classified, decided or announced twice."""
        return [
            comment.external_id
            for comment in self.evidence.comments.values()
            if self._is_decided_twice(comment)
        ]

    @cached_property
    def quarantined_poison(self) -> list[str]:
        """Poison that a person will see."""
        return [
            comment.external_id
            for comment in self.evidence.comments.values()
            if comment.external_id in self.poison
            and comment.status == "flagged"
            and comment.id in self.evidence.failed & self.evidence.reviewed
        ]

    @cached_property
    def quarantined_innocents(self) -> list[str]:
        """What the classifier is said to have failed on, though it was no poison."""
        names = (self.evidence.comments[found].external_id for found in self.evidence.failed)
        return [name for name in names if name not in self.poison]

    @cached_property
    def webhooks_lost(self) -> list[str]:
        """Decisions that the site was not told of, though nothing newer made them void."""
        return [decision.id for decision in self._owed() if decision.id not in self.inbox.first_at]

    @cached_property
    def latencies(self) -> list[tuple[StoredComment, StoredDecision]]:
        """First revisions with their decision, without poison."""
        return [
            (comment, decision)
            for comment in self.evidence.comments.values()
            if comment.external_id not in self.poison
            for decision in self._decisions(comment)
            if decision.revision == 1
        ]

    def _alive(self) -> Iterable[StoredComment]:
        return (c for c in self.evidence.comments.values() if c.status != "erased")

    def _decisions(self, comment: StoredComment) -> list[StoredDecision]:
        return self.evidence.decisions.get(comment.id, [])

    def _is_decided(self, comment: StoredComment) -> bool:
        current = [d for d in self._decisions(comment) if d.revision == comment.revision]
        return bool(current) and _STATUS[current[-1].action] == comment.status

    def _is_decided_twice(self, comment: StoredComment) -> bool:
        made = self._decisions(comment)
        revisions = [decision.revision for decision in made]
        return (
            len(revisions) != len(set(revisions))
            or any(self.evidence.classifications.get((comment.id, r), 0) != 1 for r in revisions)
            or any(self.evidence.event_counts.get(decision.id, 0) != 1 for decision in made)
        )

    def _owed(self) -> Iterator[StoredDecision]:
        for comment in self.evidence.comments.values():
            for decision in self._decisions(comment):
                current = comment.revision == decision.revision and comment.status != "erased"
                if current or decision.id not in self.evidence.called_off:
                    yield decision


def _is_kept(entry: Entry, stored: StoredComment | None) -> bool:
    if stored is None or stored.id != entry.comment_id.replace("-", ""):
        return False
    if entry.erased:
        return stored.status == "erased" and not stored.has_text
    digest = hashlib.sha256(entry.text.encode()).hexdigest()
    return (stored.revision, stored.digest) == (entry.revision, digest) and stored.has_text
