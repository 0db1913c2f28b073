"""Statements on a comment's way: each is made once, and there are no more than it takes."""

from moderation.model.comments import Author, Thread
from moderation.model.decisions import Action
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment, undo
from moderation.services.reading import get_comment, get_comment_by_external_id
from tests.factories import HOSTILE, Agora, classify_all, submit
from tests.statements import heard

ADA, NEWS = Author("a1", "Ada"), Thread("t1", None, "News")


def test_nothing_is_made_anew_from_intake_to_a_persons_decision(
    runtime: Runtime, agora: Agora
) -> None:
    with heard(runtime) as statements:
        submitted = submit(runtime, agora.site_id, author=ADA, thread=NEWS)
        classify_all(runtime, HOSTILE)
        sequence = get_comment(runtime, agora.site_id, submitted.comment_id).comment.sequence
        made = decide_comment(
            runtime, agora.alice, submitted.comment_id, Action.REJECT, seen=sequence
        )
        undo(runtime, agora.alice, made.id)

    assert len(statements) > 20
    assert [statement.text for statement in statements if statement.made_anew] == []


def test_psycopg_takes_none_apart_anew_from_intake_to_decision(
    runtime: Runtime, agora: Agora
) -> None:
    if runtime.database.is_sqlite:
        return
    with heard(runtime) as statements:
        submit(runtime, agora.site_id, author=ADA, thread=NEWS)
        classify_all(runtime, HOSTILE)

    assert len(statements) > 15
    # Longer ones it does not keep, nor those with more parameters.
    too_large = [one.text for one in statements if len(one.text) > 4096 or len(one.values) > 50]
    assert too_large == []


def test_what_a_site_may_know_of_a_comment_is_read_by_one_statement(
    runtime: Runtime, agora: Agora
) -> None:
    # Another one, with more decisions than it.
    other = submit(runtime, agora.site_id, "c2").comment_id
    classify_all(runtime, HOSTILE)
    decide_comment(runtime, agora.alice, other, Action.APPROVE, seen=1)
    submitted = submit(runtime, agora.site_id)
    for scores in (None, HOSTILE):
        if scores:
            classify_all(runtime, scores)
        with heard(runtime) as said:
            by_id = get_comment(runtime, agora.site_id, submitted.comment_id)
            by_external_id = get_comment_by_external_id(runtime, agora.site_id, "c1")
        assert by_id == by_external_id
        assert len(said) == 2
        assert (by_id.decision is not None) == bool(scores)
        assert by_id.scores == scores
