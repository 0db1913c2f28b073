"""What a decision costs: a person waits for it, and on SQLite so does everybody who writes."""

from moderation.model.decisions import Action
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment, undo
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
