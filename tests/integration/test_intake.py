"""An accepted comment is in the database, once."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from moderation.announcer import Announcer
from moderation.broker import lane_key
from moderation.model.comments import Author, NewComment, Status
from moderation.model.errors import Erased, StaleRevision, StorageUnavailable
from moderation.model.jobs import Lane
from moderation.runtime import Runtime
from moderation.services.accepting import Store, Stored, Submission, Submitted
from moderation.services.erasure import erase
from moderation.services.intake import Intake
from moderation.services.reading import get_comment
from tests.factories import Agora, classify_all, flagged_comment, submit


@pytest.fixture
def intake(runtime: Runtime) -> Iterator[Intake]:
    announcer = Announcer(runtime.broker)
    made = Intake(runtime, announcer)
    yield made
    made.close()
    announcer.close()


def test_a_new_comment_is_stored_pending(runtime: Runtime, agora: Agora, intake: Intake) -> None:
    submitted = intake.submit(agora.site_id, NewComment("c1", "Good morning."))
    view = get_comment(runtime, agora.site_id, submitted.comment_id)
    assert (submitted.changed, submitted.revision) == (True, 1)
    assert (view.comment.status, view.comment.text) == (Status.PENDING, "Good morning.")


def test_its_job_id_goes_onto_the_lane_and_its_text_does_not(
    runtime: Runtime, agora: Agora, intake: Intake
) -> None:
    intake.submit(agora.site_id, NewComment("c1", "canary"))
    redis = runtime.broker.redis
    raw = redis.blmpop(5, 1, lane_key(Lane.LIVE), direction="LEFT")
    assert raw is not None
    assert b"canary" not in b"".join(raw[1])


def test_a_repeated_comment_is_not_stored_again(agora: Agora, intake: Intake) -> None:
    first = intake.submit(agora.site_id, NewComment("c1", "Same."))
    second = intake.submit(agora.site_id, NewComment("c1", "Same."))
    assert second == Submitted(first.comment_id, 1, changed=False)


def test_another_text_is_a_new_revision_that_closes_the_review(
    runtime: Runtime, agora: Agora, intake: Intake
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    edited = intake.submit(agora.site_id, NewComment("c1", "You are kind."))
    view = get_comment(runtime, agora.site_id, comment_id)
    assert (edited.revision, view.comment.status, view.decision) == (2, Status.PENDING, None)
    classify_all(runtime)
    assert get_comment(runtime, agora.site_id, comment_id).comment.status is Status.APPROVED


def test_a_late_repetition_of_an_older_text_is_refused(agora: Agora, intake: Intake) -> None:
    noon = datetime(2026, 11, 2, 12, tzinfo=UTC)
    intake.submit(agora.site_id, NewComment("c1", "New.", edited_at=noon))
    older = NewComment("c1", "Old.", edited_at=noon.replace(hour=11))
    with pytest.raises(StaleRevision):
        intake.submit(agora.site_id, older)


def test_a_repetition_with_a_later_moment_keeps_older_texts_out(
    agora: Agora, intake: Intake
) -> None:
    ten = datetime(2026, 11, 2, 10, tzinfo=UTC)
    intake.submit(agora.site_id, NewComment("c1", "New.", edited_at=ten))
    intake.submit(agora.site_id, NewComment("c1", "New.", edited_at=ten.replace(minute=5)))
    between = NewComment("c1", "Old.", edited_at=ten.replace(minute=2))
    with pytest.raises(StaleRevision):
        intake.submit(agora.site_id, between)


def test_the_text_that_is_held_is_never_refused_for_its_age(agora: Agora, intake: Intake) -> None:
    ten = datetime(2026, 11, 2, 10, tzinfo=UTC)
    intake.submit(agora.site_id, NewComment("c1", "Good.", created_at=ten))
    intake.submit(
        agora.site_id, NewComment("c1", "Good.", created_at=ten, edited_at=ten.replace(minute=5))
    )
    assert not intake.submit(agora.site_id, NewComment("c1", "Good.", created_at=ten)).changed
    between = NewComment("c1", "Bad.", edited_at=ten.replace(minute=2))
    with pytest.raises(StaleRevision):
        intake.submit(agora.site_id, between)


def test_an_original_that_comes_after_its_edit_is_refused(agora: Agora, intake: Intake) -> None:
    ten = datetime(2026, 11, 2, 10, tzinfo=UTC)
    edit = NewComment("c1", "Edited.", created_at=ten, edited_at=ten.replace(minute=5))
    intake.submit(agora.site_id, edit)
    with pytest.raises(StaleRevision):
        intake.submit(agora.site_id, NewComment("c1", "Original.", created_at=ten))


def test_two_processes_that_edit_the_same_comments_both_get_through(
    runtime: Runtime, agora: Agora
) -> None:
    webs = [Intake(runtime, Announcer(runtime.broker)) for _ in range(2)]
    results: list[object] = []

    def edit(web: Intake, author: str, step: int) -> None:
        for turn in range(4):
            news = [NewComment(f"c{n}", f"{author} {turn}") for n in range(40)][::step]
            results.extend(web.submit_many(agora.site_id, news))

    threads = [
        threading.Thread(target=edit, args=(web, author, step))
        for web, author, step in zip(webs, ["one", "two"], [1, -1], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for web in webs:
        web.close()
    assert [type(result).__name__ for result in results] == ["Submitted"] * 320


def test_after_closing_a_submission_fails_instead_of_waiting_for_ever(
    runtime: Runtime, agora: Agora
) -> None:
    closed = Intake(runtime, Announcer(runtime.broker))
    closed.close()
    with pytest.raises(StorageUnavailable):
        closed.submit(agora.site_id, NewComment("c1", "Too late."))


def test_an_erased_comment_cannot_come_back(runtime: Runtime, agora: Agora, intake: Intake) -> None:
    submitted = submit(runtime, agora.site_id)
    erase(runtime, agora.site_id, submitted.comment_id)
    with pytest.raises(Erased):
        intake.submit(agora.site_id, NewComment("c1", "Again."))


def test_many_threads_that_post_the_same_comment_store_it_once(
    agora: Agora, intake: Intake
) -> None:
    results: list[Submitted] = []

    def post() -> None:
        results.append(intake.submit(agora.site_id, NewComment("c1", "Same.")))

    threads = [threading.Thread(target=post) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len({result.comment_id for result in results}) == 1
    assert [result.changed for result in results].count(True) == 1


def test_one_bad_neighbour_does_not_fail_the_group(agora: Agora, intake: Intake) -> None:
    # A lone surrogate cannot be stored; the public API refuses it before it comes this far.
    news = [NewComment("c1", "Good."), NewComment("c2", "Bad \ud800"), NewComment("c3", "Good.")]
    futures: list[object] = []

    def post(new: NewComment) -> None:
        try:
            futures.append(intake.submit(agora.site_id, new))
        except UnicodeEncodeError as error:
            futures.append(error)

    threads = [threading.Thread(target=post, args=(new,)) for new in news]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(type(result).__name__ for result in futures) == [
        "Submitted",
        "Submitted",
        "UnicodeEncodeError",
    ]


def test_each_comment_of_a_group_keeps_its_own_fields(
    runtime: Runtime, agora: Agora, intake: Intake
) -> None:
    moment = datetime(2026, 1, 31, 12, tzinfo=UTC)
    bare, full = (
        NewComment("bare", "Good morning."),
        NewComment("full", "Guten Morgen.", author=Author(name="Ada"), edited_at=moment),
    )
    stored = intake.submit_many(agora.site_id, [bare, full, NewComment("last", "Bonjour.")])
    comments = [
        get_comment(runtime, agora.site_id, one.comment_id).comment
        for one in stored
        if isinstance(one, Submitted)
    ]
    assert [(one.author.name, one.edited_at) for one in comments] == [
        (None, None),
        ("Ada", moment),
        (None, None),
    ]


def test_one_transaction_stores_a_comment_its_repetition_and_its_edit_in_turn(
    runtime: Runtime, agora: Agora
) -> None:
    texts = ("First.", "First.", "Second.")
    with runtime.transaction() as connection:
        store = Store(connection, runtime.database_now(connection), "compact")
        stored = store.all(
            [Submission(agora.site_id, NewComment("c1", text), Lane.LIVE) for text in texts]
        )
    results = [one.submitted for one in stored if isinstance(one, Stored)]
    assert [(one.revision, one.changed) for one in results] == [(1, True), (1, False), (2, True)]
    view = get_comment(runtime, agora.site_id, results[0].comment_id)
    assert (view.comment.text, view.comment.status) == ("Second.", Status.PENDING)
    assert classify_all(runtime) == 1


def test_what_intake_says_of_a_new_comment_is_what_the_database_holds(
    runtime: Runtime, agora: Agora, intake: Intake
) -> None:
    new = NewComment("c1", "Good morning.", author=Author("r1", "Robin"), language="en")
    submitted = intake.submit(agora.site_id, new)
    stored = get_comment(runtime, agora.site_id, submitted.comment_id).comment
    assert submitted.comment == stored
