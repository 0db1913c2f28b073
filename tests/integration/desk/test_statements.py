"""What people do costs statements: they wait for them, and on SQLite all who write do too."""

from collections import Counter

import pytest

from moderation.model.decisions import Action
from moderation.model.desk import EVERYTHING
from moderation.runtime import Runtime
from moderation.services.handing_out import hand_out
from moderation.services.moderating import decide_comment, undo
from tests.complaining import appealed, let_sign_in, reported
from tests.factories import Agora, flagged_comment
from tests.statements import Statement, heard


def tables_read(said: list[Statement]) -> list[str]:
    """Return from which table each reading statement reads first, if from any."""
    return [
        one.text.split("FROM ")[1].split()[0] for one in said if one.reads and "FROM " in one.text
    ]


def test_no_appeal_and_no_dispute_is_looked_for_where_none_waits(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    with heard(runtime) as said:
        made = decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=1)
        undo(runtime, agora.alice, made.id)
    assert not {"appeals", "second_looks"} & set(tables_read(said))


@pytest.mark.parametrize(
    ("waits", "of_decision", "of_undoing"),
    [("", 16, 18), ("reported", 19, 21), ("appealed", 20, 21)],
)
def test_review_and_site_are_read_once_for_a_decision_and_once_to_undo_it(
    runtime: Runtime, agora: Agora, waits: str, of_decision: int, of_undoing: int
) -> None:
    let_sign_in(runtime, agora.alice, agora.olga)
    comment_id = flagged_comment(runtime, agora.site_id)
    if waits == "reported":
        reported(runtime, agora.site_id, comment_id)
    if waits == "appealed":
        appealed(runtime, agora.site_id, comment_id)
    seen = 2 if waits == "appealed" else 1
    with heard(runtime) as deciding:
        made = decide_comment(runtime, agora.olga, comment_id, Action.APPROVE, seen=seen)
    with heard(runtime) as undoing:
        undo(runtime, agora.olga, made.id)
    for said, most in ((deciding, of_decision), (undoing, of_undoing)):
        read = Counter(tables_read(said))
        # What the reports add to a review that waits again is read from there.
        again = waits == "reported" and said is undoing
        assert (read["reviews"], read["sites"]) == (1 + again, 1)
        assert len(said) <= most, [one.text for one in said]


def test_who_finds_all_taken_asks_once_what_is_theirs(runtime: Runtime, agora: Agora) -> None:
    flagged_comment(runtime, agora.site_id)
    hand_out(runtime, agora.alice, [agora.site_id], EVERYTHING)
    with heard(runtime) as said:
        found = hand_out(runtime, agora.olga, [agora.site_id], EVERYTHING)
    assert [claim.name for claim in found.held] == ["Alice"]
    read = Counter(tables_read(said))
    assert (read["appeals"], read["second_looks"]) == (1, 1)
