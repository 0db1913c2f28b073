"""Storing an import: past decisions stay as they were, the rest is classified behind the living."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from moderation.broker import Task, bell_key
from moderation.model.comments import NewComment, Status
from moderation.model.decisions import Action, Source
from moderation.model.jobs import Lane
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services.erasure import erase
from moderation.services.import_fields import ImportedComment, PastDecision
from moderation.services.importing import Imported, count_batch, finish_import, import_batch
from moderation.services.reading import CommentView, get_comment_by_external_id
from moderation.services.sites import find_site
from moderation.storage import comments, deliveries, events, jobs, reviews
from tests.factories import HOSTILE, Agora, classify_all, submit

LONG_AGO = datetime(2019, 5, 4, 10, tzinfo=UTC)


@pytest.fixture
def site(runtime: Runtime, agora: Agora) -> Site:
    del agora
    return find_site(runtime, "agora")


def undecided(external_id: str, text: str = "Hello") -> ImportedComment:
    return ImportedComment(NewComment(external_id, text), None)


def decided(external_id: str, action: Action, **past: Any) -> ImportedComment:  # noqa: ANN401 - of PastDecision
    values: dict[str, Any] = {
        "decided_at": LONG_AGO,
        "decided_by": "Bob",
        "reason": "insult",
    } | past
    return ImportedComment(NewComment(external_id, "Hello"), PastDecision(action, **values))


def look(runtime: Runtime, site: Site, external_id: str) -> CommentView:
    return get_comment_by_external_id(runtime, site.id, external_id)


def count(runtime: Runtime, table: Table) -> int:
    with runtime.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("action", Action)
def test_a_past_decision_is_kept_as_such(runtime: Runtime, site: Site, action: Action) -> None:
    assert import_batch(runtime, site, [decided("old", action)]) == Imported(decided=1)
    view = look(runtime, site, "old")
    assert view.comment.status is action.status
    decision = view.decision
    assert decision is not None
    assert decision.imported
    assert (decision.action, decision.source) == (action, Source.MODERATOR)
    assert decision.decided_at == LONG_AGO
    assert decision.reasons[0].detail == "insult"
    assert "Bob" in (decision.note or "")
    assert decision.user_id is None


def test_comments_are_stored_in_one_order_whatever_the_file_has(
    runtime: Runtime, site: Site
) -> None:
    # Ids are made in the order of storing. Intake stores in this order too: a batch that held "c"
    # and waited for "b" could meet a live one that holds "b" and waits for "c".
    import_batch(
        runtime,
        site,
        [decided("d", Action.REJECT), undecided("c"), decided("a", Action.APPROVE), undecided("b")],
    )
    with runtime.reading() as connection:
        c = comments.comments.c
        stored = connection.execute(select(c.external_id).order_by(c.id)).scalars().all()
    assert stored == ["a", "b", "c", "d"]


def test_nobody_is_told_and_nobody_has_to_look(runtime: Runtime, site: Site) -> None:
    import_batch(runtime, site, [decided(str(n), action) for n, action in enumerate(Action)])
    for table in (events.events, deliveries.deliveries, reviews.reviews, jobs.jobs):
        assert count(runtime, table) == 0


def test_a_decision_without_a_moment_was_made_when_the_comment_was_written(
    runtime: Runtime, site: Site
) -> None:
    new = NewComment("old", "Hello", created_at=LONG_AGO)
    past = PastDecision(Action.APPROVE, None, None, None)
    import_batch(runtime, site, [ImportedComment(new, past)])
    decision = look(runtime, site, "old").decision
    assert decision is not None
    assert decision.decided_at == LONG_AGO
    assert decision.note is None


def test_what_nobody_decided_is_classified_in_bulk(runtime: Runtime, site: Site) -> None:
    assert import_batch(runtime, site, [undecided("new")]) == Imported(to_classify=1)
    with runtime.reading() as connection:
        assert connection.execute(select(jobs.jobs.c.lane)).scalar_one() == Lane.BULK
    classify_all(runtime, HOSTILE)
    assert look(runtime, site, "new").comment.status is Status.FLAGGED
    assert count(runtime, reviews.reviews) == 1


def test_importing_again_changes_nothing(runtime: Runtime, site: Site) -> None:
    batch = [undecided("new"), decided("old", Action.REJECT)]
    import_batch(runtime, site, batch)
    again = [undecided("new", "Another text"), decided("old", Action.APPROVE)]
    assert count_batch(runtime, site, again) == Imported(known=2)
    assert import_batch(runtime, site, again) == Imported(known=2)
    assert look(runtime, site, "old").comment.status is Status.REJECTED
    assert look(runtime, site, "new").comment.revision == 1


def test_the_first_of_a_repeated_id_counts(runtime: Runtime, site: Site) -> None:
    batch = [undecided("1", "first"), decided("1", Action.REJECT), undecided("1", "third")]
    assert count_batch(runtime, site, batch) == Imported(to_classify=1, known=2)
    assert import_batch(runtime, site, batch) == Imported(to_classify=1, known=2)
    assert look(runtime, site, "1").comment.text == "first"


def test_a_withdrawn_comment_does_not_come_back(runtime: Runtime, site: Site, agora: Agora) -> None:
    submitted = submit(runtime, agora.site_id, "gone")
    erase(runtime, agora.site_id, submitted.comment_id)
    batch = [undecided("gone"), decided("gone", Action.APPROVE)]
    assert import_batch(runtime, site, batch) == Imported(known=2)


def test_a_dry_run_stores_nothing(runtime: Runtime, site: Site) -> None:
    batch = [undecided("new"), decided("old", Action.REJECT)]
    assert count_batch(runtime, site, batch) == Imported(decided=1, to_classify=1)
    assert import_batch(runtime, site, batch) == Imported(decided=1, to_classify=1)


def test_the_same_id_may_be_used_at_another_site(
    runtime: Runtime, site: Site, agora: Agora
) -> None:
    submit(runtime, agora.other_site_id, "1")
    assert import_batch(runtime, site, [undecided("1")]) == Imported(to_classify=1)


def test_the_workers_are_called_at_the_end(runtime: Runtime, site: Site) -> None:
    finish_import(runtime, site, Imported(decided=3), rejected=0)
    assert not runtime.broker.redis.exists(bell_key(Task.CLASSIFY))
    finish_import(runtime, site, Imported(to_classify=3), rejected=1)
    assert runtime.broker.redis.exists(bell_key(Task.CLASSIFY))
