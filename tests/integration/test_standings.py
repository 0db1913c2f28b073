"""What is set of an author or a thread decides the next comments, and can be taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation.model.comments import Author, Display, Status, Thread
from moderation.model.decisions import Action, ReasonKind
from moderation.model.errors import InvalidInput, NotFound, TooLateToUndo
from moderation.model.jobs import Purpose
from moderation.model.standings import (
    NewStanding,
    Standing,
    StandingSource,
    Subject,
    SubjectKind,
)
from moderation.runtime import Runtime
from moderation.services import sites
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment, undo
from moderation.services.reading import get_comment
from moderation.services.retention import STANDINGS_KEPT, forget_finished
from moderation.services.standings import (
    Setter,
    forget_subject,
    history_of,
    set_from_comment,
    set_standing,
    standing_of,
    undo_standing,
)
from moderation.storage.audit import audit
from moderation.storage.jobs import jobs
from moderation.storage.tables import metadata
from tests.factories import (
    CIVIL,
    HOSTILE,
    Agora,
    FakeClock,
    classify_all,
    make_agora,
    submit,
)
from tests.standings import DEBATE, TROLL, decided, give
from tests.statements import heard

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("standing", "subject", "outcome"),
    [
        (Standing.BANNED, TROLL, (Status.REJECTED, ReasonKind.AUTHOR_BANNED)),
        (Standing.HELD, TROLL, (Status.FLAGGED, ReasonKind.AUTHOR_HELD)),
        (Standing.HELD, DEBATE, (Status.FLAGGED, ReasonKind.THREAD_HELD)),
    ],
)
def test_the_next_comment_is_decided_by_it_and_none_before(
    runtime: Runtime,
    agora: Agora,
    standing: Standing,
    subject: Subject,
    outcome: tuple[Status, ReasonKind],
) -> None:
    before = decided(runtime, agora.site_id, "before")
    give(runtime, agora, standing, subject)
    after = decided(runtime, agora.site_id, "after")
    assert after.decision is not None
    [reason] = after.decision.reasons
    assert (after.comment.status, reason.kind) == outcome
    unchanged = get_comment(runtime, agora.site_id, before.comment.id)
    assert unchanged.comment.status is Status.APPROVED
    others = decided(runtime, agora.site_id, "others", author_id="u-14", thread_id="article-8")
    assert others.comment.status is Status.APPROVED
    elsewhere = decided(runtime, agora.other_site_id, "elsewhere")
    assert elsewhere.comment.status is Status.APPROVED


def test_who_is_trusted_is_flagged_only_for_what_is_far_over_the_line(
    runtime: Runtime, agora: Agora
) -> None:
    give(runtime, agora, Standing.TRUSTED)
    slightly = CIVIL | {label: 0.86 for label, score in HOSTILE.items() if score > CIVIL[label]}
    assert decided(runtime, agora.site_id, "c1", slightly).comment.status is Status.APPROVED
    assert decided(runtime, agora.site_id, "c2", HOSTILE).comment.status is Status.FLAGGED


def test_an_author_and_a_thread_of_the_same_id_are_two(runtime: Runtime, agora: Agora) -> None:
    give(runtime, agora, Standing.HELD, Subject(SubjectKind.THREAD, TROLL.id))
    found = decided(runtime, agora.site_id, "c1", thread_id="article-8")
    assert found.comment.status is Status.APPROVED
    assert standing_of(runtime, agora.site_id, TROLL) is None


def test_what_waited_for_the_classifier_is_decided_by_it_too(
    runtime: Runtime, agora: Agora
) -> None:
    submitted = submit(runtime, agora.site_id, author=Author(id=TROLL.id))
    give(runtime, agora, Standing.BANNED)
    classify_all(runtime)
    view = get_comment(runtime, agora.site_id, submitted.comment_id)
    assert (view.comment.status, view.display) == (Status.REJECTED, Display.HIDE)


def test_what_is_held_is_explained_where_its_scores_flagged_it_too(
    runtime: Runtime, agora: Agora
) -> None:
    give(runtime, agora, Standing.HELD)
    hostile = decided(runtime, agora.site_id, "c1", HOSTILE)
    decided(runtime, agora.site_id, "c2")
    with runtime.reading() as connection:
        explained = select(jobs.c.comment_id).where(jobs.c.purpose == Purpose.EXPLAIN)
        assert list(connection.execute(explained).scalars()) == [hostile.comment.id]


def test_a_person_can_overrule_a_ban(runtime: Runtime, agora: Agora) -> None:
    give(runtime, agora, Standing.BANNED)
    banned = decided(runtime, agora.site_id, "c1")
    made = decide_comment(runtime, agora.alice, banned.comment.id, Action.APPROVE, seen=1)
    view = get_comment(runtime, agora.site_id, banned.comment.id)
    assert view.comment.status is Status.APPROVED
    undo(runtime, agora.alice, made.id)
    view = get_comment(runtime, agora.site_id, banned.comment.id)
    assert view.decision is not None
    assert view.decision.reasons[0].kind is ReasonKind.AUTHOR_BANNED


def test_what_is_held_is_not_shown_where_flagged_comments_are(
    runtime: Runtime, agora: Agora
) -> None:
    sites.change_site(runtime, "agora", while_flagged=Display.SHOW)
    assert decided(runtime, agora.site_id, "c1", HOSTILE).display is Display.SHOW
    give(runtime, agora, Standing.HELD, DEBATE)
    held = decided(runtime, agora.site_id, "c2", HOSTILE)
    assert held.display is Display.HOLD
    made = decide_comment(runtime, agora.alice, held.comment.id, Action.APPROVE, seen=1)
    undo(runtime, agora.alice, made.id)
    view = get_comment(runtime, agora.site_id, held.comment.id)
    assert (view.comment.status, view.display) == (Status.FLAGGED, Display.HOLD)


def test_it_ends_at_its_end(held_runtime: Runtime, clock: FakeClock) -> None:
    agora = make_agora(held_runtime)
    give(held_runtime, agora, Standing.BANNED, ends=DAY)
    give(held_runtime, agora, Standing.HELD, DEBATE, ends=clock.now() + DAY)
    clock.pass_time(hours=23, minutes=59)
    assert decided(held_runtime, agora.site_id, "c1").comment.status is Status.REJECTED
    assert standing_of(held_runtime, agora.site_id, TROLL) is not None
    clock.pass_time(minutes=1)
    assert decided(held_runtime, agora.site_id, "c2").comment.status is Status.APPROVED
    assert standing_of(held_runtime, agora.site_id, TROLL) is None


def test_to_clear_a_ban_that_has_ended_names_no_ban(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    give(held_runtime, agora, Standing.BANNED, ends=DAY)
    clock.pass_time(days=1)
    setter = Setter(StandingSource.MODERATOR, agora.alice.id)
    cleared = NewStanding(TROLL, Standing.ORDINARY)
    assert set_standing(held_runtime, agora.site_id, cleared, setter) is None
    assert len(history_of(held_runtime, agora.site_id, TROLL).changes) == 1


def test_undo_restores_what_stood_before_with_its_end_and_reason(
    runtime: Runtime, agora: Agora
) -> None:
    first = give(runtime, agora, Standing.HELD, ends=DAY, reason="shouts")
    second = give(runtime, agora, Standing.BANNED, reason="threatens")
    assert decided(runtime, agora.site_id, "c1").comment.status is Status.REJECTED
    restored = undo_standing(runtime, agora.alice, second.id)
    said = (restored.standing, restored.reason, restored.ends_at)
    assert said == (Standing.HELD, "shouts", first.ends_at)
    assert decided(runtime, agora.site_id, "c2").comment.status is Status.FLAGGED
    with pytest.raises(TooLateToUndo):
        undo_standing(runtime, agora.alice, second.id)
    with pytest.raises(TooLateToUndo):
        undo_standing(runtime, agora.alice, restored.id)
    entries = [change.standing for change in history_of(runtime, agora.site_id, TROLL).changes]
    assert entries == [Standing.HELD, Standing.BANNED, Standing.HELD]


def test_undo_of_the_first_and_of_a_release(runtime: Runtime, agora: Agora) -> None:
    first = give(runtime, agora, Standing.BANNED)
    assert undo_standing(runtime, agora.alice, first.id).standing is Standing.ORDINARY
    assert decided(runtime, agora.site_id, "c1").comment.status is Status.APPROVED
    give(runtime, agora, Standing.BANNED)
    released = give(runtime, agora, Standing.ORDINARY)
    assert decided(runtime, agora.site_id, "c2").comment.status is Status.APPROVED
    undo_standing(runtime, agora.alice, released.id)
    assert decided(runtime, agora.site_id, "c3").comment.status is Status.REJECTED


def test_what_has_ended_cannot_be_undone(held_runtime: Runtime, clock: FakeClock) -> None:
    agora = make_agora(held_runtime)
    give(held_runtime, agora, Standing.TRUSTED)
    change = give(held_runtime, agora, Standing.BANNED, ends=DAY)
    clock.pass_time(days=1)
    with pytest.raises(TooLateToUndo):
        undo_standing(held_runtime, agora.alice, change.id)


def test_what_stands_already_is_not_set_again(runtime: Runtime, agora: Agora) -> None:
    first = give(runtime, agora, Standing.BANNED, reason="spam")
    assert give(runtime, agora, Standing.BANNED, reason="spam").id == first.id
    assert give(runtime, agora, Standing.BANNED, reason="threats").id != first.id
    never = NewStanding(Subject(SubjectKind.AUTHOR, "u-99"), Standing.ORDINARY)
    setter = Setter(StandingSource.SITE)
    assert set_standing(runtime, agora.site_id, never, setter) is None
    assert history_of(runtime, agora.site_id, never.subject).changes == ()


@pytest.mark.parametrize(
    "new",
    [
        NewStanding(Subject(SubjectKind.AUTHOR, ""), Standing.BANNED),
        NewStanding(Subject(SubjectKind.AUTHOR, "x" * 256), Standing.BANNED),
        NewStanding(Subject(SubjectKind.AUTHOR, "a\0"), Standing.BANNED),
        NewStanding(DEBATE, Standing.BANNED),
        NewStanding(DEBATE, Standing.TRUSTED),
        NewStanding(TROLL, Standing.BANNED, reason="x" * 501),
        NewStanding(TROLL, Standing.BANNED, ends=-DAY),
    ],
)
def test_what_cannot_be_set_is_refused(runtime: Runtime, agora: Agora, new: NewStanding) -> None:
    with pytest.raises(InvalidInput):
        set_standing(runtime, agora.site_id, new, Setter(StandingSource.SITE))


def test_it_is_set_from_a_comment_by_who_sees_it(runtime: Runtime, agora: Agora) -> None:
    seen = decided(runtime, agora.site_id, "c1").comment
    banned = set_from_comment(
        runtime, agora.alice, seen.id, SubjectKind.AUTHOR, Standing.BANNED, ends=DAY
    )
    assert banned is not None
    assert (banned.subject, banned.name, banned.user_name) == (TROLL, "T. Roll", "Alice")
    for wrong in (NotFound,):
        with pytest.raises(wrong):
            set_from_comment(runtime, agora.mallory, seen.id, SubjectKind.AUTHOR, Standing.ORDINARY)
        with pytest.raises(wrong):
            undo_standing(runtime, agora.mallory, banned.id)
    nameless = decided(runtime, agora.site_id, "c2", author_id=None, thread_id=None).comment
    for kind in SubjectKind:
        with pytest.raises(InvalidInput, match="no id"):
            set_from_comment(runtime, agora.alice, nameless.id, kind, Standing.HELD)


def test_every_change_is_audited_without_a_name(runtime: Runtime, agora: Agora) -> None:
    change = give(runtime, agora, Standing.BANNED, reason="canary")
    undo_standing(runtime, agora.alice, change.id)
    forget_subject(runtime, agora.site_id, TROLL, Setter(StandingSource.OPERATOR))
    with runtime.reading() as connection:
        rows = list(connection.execute(select(audit).order_by(audit.c.id)))
    assert [row.action for row in rows] == ["standing.set", "standing.undo", "standing.forget"]
    assert [row.user_id for row in rows] == [agora.alice.id, agora.alice.id, None]
    assert not any(word in str(row.data) for row in rows for word in (TROLL.id, "canary"))


def test_a_ban_outlives_the_comment_and_ends_when_its_author_is_forgotten(
    runtime: Runtime, agora: Agora
) -> None:
    give(runtime, agora, Standing.HELD)
    give(runtime, agora, Standing.BANNED, reason="canary")
    banned = decided(runtime, agora.site_id, "c1")
    erase(runtime, agora.site_id, banned.comment.id)
    assert standing_of(runtime, agora.site_id, TROLL) is not None
    setter = Setter(StandingSource.SITE)
    assert forget_subject(runtime, agora.other_site_id, TROLL, setter) == 0
    assert forget_subject(runtime, agora.site_id, TROLL, setter) == 2
    with runtime.reading() as connection:
        for table in metadata.sorted_tables:
            rows = list(map(str, connection.execute(table.select())))
            assert not [row for row in rows if TROLL.id in row or "canary" in row], table.name
    assert decided(runtime, agora.site_id, "c2").comment.status is Status.APPROVED


def test_a_batch_takes_one_statement_more_however_many_authors_it_has(
    runtime: Runtime, agora: Agora
) -> None:
    give(runtime, agora, Standing.HELD, Subject(SubjectKind.AUTHOR, "u-0"))

    def statements(size: int, *, named: bool) -> list[str]:
        for number in range(size):
            author = Author(id=f"u-{number}" if named else None)
            thread = Thread(id=f"t-{number}" if named else None)
            submit(runtime, agora.site_id, f"{named}.{size}.{number}", author=author, thread=thread)
        with heard(runtime) as said:
            classify_all(runtime)
        return [one.text for one in said if " standings" in one.text or "advisory" in one.text]

    # On PostgreSQL, a lock beside it, which comes with the time.
    locks = 0 if runtime.database.is_sqlite else 1
    assert len(statements(1, named=True)) == len(statements(20, named=True)) == 1 + locks
    taken = statements(5, named=False)
    assert len(taken) == locks
    assert all("clock_timestamp" in lock for lock in taken)


def test_who_was_ordinary_for_long_is_forgotten_and_nobody_else(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    cleared, ended, banned, changed = (
        Subject(SubjectKind.AUTHOR, name) for name in ("cleared", "ended", "banned", "changed")
    )
    give(held_runtime, agora, Standing.BANNED, cleared)
    give(held_runtime, agora, Standing.ORDINARY, cleared)
    give(held_runtime, agora, Standing.BANNED, ended, ends=timedelta(seconds=1))
    give(held_runtime, agora, Standing.BANNED, banned)
    give(held_runtime, agora, Standing.HELD, changed, ends=timedelta(seconds=1))
    give(held_runtime, agora, Standing.BANNED, changed)
    clock.moment += STANDINGS_KEPT
    assert forget_finished(held_runtime).standings == 0
    clock.pass_time(seconds=2)
    assert forget_finished(held_runtime).standings == 2
    left = [
        len(history_of(held_runtime, agora.site_id, one).changes)
        for one in (cleared, ended, banned)
    ]
    assert left == [0, 0, 1]
    assert len(history_of(held_runtime, agora.site_id, changed).changes) == 2
