"""The judge of the matrix sees each broken promise: a green table must be able to turn red."""

import hashlib
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.matrix.evidence import Evidence, StoredComment, StoredDecision
from tests.faults.matrix.judging import Judgement
from tests.faults.matrix.ledger import Entry, Ledger
from tests.faults.matrix.webhooks import Inbox

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)
DIGEST = hashlib.sha256(b"Hello.").hexdigest()
KEPT = StoredComment("aa", "c1", 1, "approved", has_text=True, digest=DIGEST, received_at=NOON)
DECISION = StoredDecision("d1", 1, 1, "approve", LATER)
EVIDENCE = Evidence(
    comments={"aa": KEPT},
    decisions={"aa": [DECISION]},
    classifications={("aa", 1): 1},
    failed=set(),
    reviewed=set(),
    event_counts={"d1": 1},
    called_off=set(),
    attempted_again=0,
)
PROMISES = ("lost", "undecided", "decided_twice", "quarantined_innocents", "webhooks_lost")


def judge(evidence: Evidence, entry: Entry | None = None, inbox: Inbox | None = None) -> set[str]:
    """Return the promises that were broken."""
    ledger = Ledger(entries={"c1": entry or Entry("a-a", "Hello.")})
    inbox = inbox or Inbox(first_at={"d1": LATER}, ids=defaultdict(set, d1={"w1"}), total=1)
    judged = Judgement(ledger, evidence, inbox, frozenset({"poison-0"}))
    return {promise for promise in PROMISES if getattr(judged, promise)}


def with_comment(**changes: object) -> Evidence:
    return replace(EVIDENCE, comments={"aa": replace(KEPT, **changes)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("evidence", "broken"),
    [
        (EVIDENCE, set()),
        (replace(EVIDENCE, comments={}, decisions={}), {"lost"}),
        (with_comment(digest="another"), {"lost"}),
        (with_comment(status="flagged"), {"undecided"}),
        (replace(EVIDENCE, decisions={}), {"undecided"}),
        (replace(EVIDENCE, classifications={("aa", 1): 2}), {"decided_twice"}),
        (replace(EVIDENCE, event_counts={"d1": 2}), {"decided_twice"}),
        (
            replace(EVIDENCE, decisions={"aa": [DECISION, replace(DECISION, sequence=2)]}),
            {"decided_twice"},
        ),
        (replace(EVIDENCE, failed={"aa"}), {"quarantined_innocents"}),
    ],
)
def test_what_the_database_lacks_or_has_twice_is_seen(evidence: Evidence, broken: set[str]) -> None:
    assert judge(evidence) == broken


def test_a_text_that_was_accepted_last_and_is_not_the_one_held_is_lost() -> None:
    assert judge(EVIDENCE, Entry("a-a", "Edited.", revision=2)) == {"lost"}


def test_a_withdrawn_comment_counts_as_decided_and_must_have_no_text() -> None:
    erased = with_comment(status="erased", has_text=False, digest=None)
    gone = replace(erased, decisions={}, event_counts={}, classifications={})
    assert judge(gone, Entry("a-a", "Hello.", erased=True)) == set()
    assert judge(EVIDENCE, Entry("a-a", "Hello.", erased=True)) == {"lost"}


def test_a_decision_of_which_the_site_heard_nothing_is_seen_unless_it_was_called_off() -> None:
    assert judge(EVIDENCE, inbox=Inbox()) == {"webhooks_lost"}
    assert judge(replace(EVIDENCE, called_off={"d1"}), inbox=Inbox()) == {"webhooks_lost"}
    revised = with_comment(revision=2)
    newer = [DECISION, replace(DECISION, id="d2", revision=2, sequence=2)]
    evidence = replace(
        revised,
        decisions={"aa": newer},
        classifications={("aa", 1): 1, ("aa", 2): 1},
        event_counts={"d1": 1, "d2": 1},
        called_off={"d1"},
    )
    told = Inbox(first_at={"d2": LATER})
    assert judge(evidence, Entry("a-a", "Hello.", revision=2), told) == set()


def test_poison_is_quarantined_only_with_an_open_review() -> None:
    poison = replace(KEPT, external_id="poison-0", status="flagged")
    evidence = replace(EVIDENCE, comments={"aa": poison}, failed={"aa"})
    judged = Judgement(Ledger(), evidence, Inbox(), frozenset({"poison-0"}))
    assert judged.quarantined_poison == []
    judged = Judgement(Ledger(), replace(evidence, reviewed={"aa"}), Inbox(), judged.poison)
    assert judged.quarantined_poison == ["poison-0"]
