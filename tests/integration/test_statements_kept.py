"""Each statement on a comment's way is made once: to make one takes longer than to run it."""

from moderation.model.comments import Author, Thread
from moderation.model.decisions import Action
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment, undo
from moderation.services.reading import get_comment
from tests.factories import HOSTILE, Agora, classify_all, submit
from tests.statements import heard


def test_nothing_is_made_anew_from_intake_to_a_persons_decision(
    runtime: Runtime, agora: Agora
) -> None:
    with heard(runtime) as statements:
        submitted = submit(
            runtime, agora.site_id, author=Author("a1", "Ada"), thread=Thread("t1", None, "News")
        )
        classify_all(runtime, HOSTILE)
        sequence = get_comment(runtime, agora.site_id, submitted.comment_id).comment.sequence
        made = decide_comment(
            runtime, agora.alice, submitted.comment_id, Action.REJECT, seen=sequence
        )
        undo(runtime, agora.alice, made.id)

    assert len(statements) > 20
    assert [statement.text for statement in statements if statement.made_anew] == []
