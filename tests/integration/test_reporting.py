"""What readers report reaches the desk, and no crowd of them takes it over."""

import threading

import pytest

from moderation.model.comments import Display, Status
from moderation.model.decisions import Action, ReasonKind
from moderation.model.errors import Erased, NotFound, TooManyReports
from moderation.model.ids import CommentId
from moderation.model.labels import Label
from moderation.model.policy import Policy, Threshold
from moderation.model.reports import (
    NewReport,
    Notice,
    Report,
    ReportReason,
    ReportState,
    SeenReports,
)
from moderation.runtime import Runtime
from moderation.services.announcements import publish_due
from moderation.services.complaint_rules import change_rules
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment
from moderation.services.reading import decisions_after, get_comment
from moderation.services.reporting import (
    MOST_WITH_WORDS,
    REPORTS_AN_HOUR,
    report,
    reports_after,
)
from tests.complaining import approved_comment, decide, reported, status_of, waiting
from tests.evidence import write_policy
from tests.factories import (
    CIVIL,
    CLASSIFIER,
    HOSTILE,
    Agora,
    FakeClock,
    classify_all,
    flagged_comment,
    make_agora,
    submit,
)

FIVE = tuple(f"reader-{n}" for n in range(10, 15))
SPAM = ReportReason.SPAM


@pytest.fixture
def shown(runtime: Runtime, agora: Agora) -> CommentId:
    """Return a comment that readers can see."""
    return approved_comment(runtime, agora.site_id)


def all_of(runtime: Runtime, agora: Agora, comment_id: CommentId) -> list[Report]:
    return reports_after(runtime, agora.site_id, comment_id, 0, 1000)


def states(runtime: Runtime, agora: Agora, comment_id: CommentId) -> list[ReportState]:
    return [report.state for report in all_of(runtime, agora, comment_id)]


def test_a_reported_comment_waits_for_a_person_and_stays_on_display(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    made = reported(runtime, agora.site_id, shown)
    assert (made.is_new, made.report.state, made.display) == (
        True,
        ReportState.OPEN,
        Display.SHOW,
    )
    card = waiting(runtime, agora.alice)[shown]
    assert card.waiting is not None
    assert [reason.kind for reason in card.waiting.reasons] == [ReasonKind.REPORT]
    assert status_of(runtime, agora.site_id, shown) is Status.APPROVED
    assert len(decisions_after(runtime, agora.site_id, 0, 10)) == 1, "the site was told something"


def test_one_reader_counts_once_whatever_they_repeat(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    first = reported(runtime, agora.site_id, shown)
    again = reported(runtime, agora.site_id, shown, reason=SPAM, words="and another thing")
    assert (again.is_new, again.report) == (False, first.report)
    assert len(all_of(runtime, agora, shown)) == 1


def test_more_readers_press_more(runtime: Runtime, agora: Agora, shown: CommentId) -> None:
    def risk() -> float:
        found = waiting(runtime, agora.alice)[shown].waiting
        assert found is not None
        return found.risk

    reported(runtime, agora.site_id, shown, "a")
    alone = risk()
    reported(runtime, agora.site_id, shown, "b", reason=SPAM)
    assert alone < risk() < 1


def test_a_flagged_comment_says_that_it_was_reported_too(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id, "a", "b", reason=ReportReason.VIOLENCE)
    card = waiting(runtime, agora.alice)[comment_id]
    assert card.waiting is not None
    kinds = [reason.kind for reason in card.waiting.reasons]
    assert set(kinds) == {ReasonKind.LABEL, ReasonKind.REPORT}
    assert kinds.count(ReasonKind.REPORT) == 1
    assert card.waiting.risk == pytest.approx(0.84)


def test_a_report_of_a_rejected_comment_is_answered_at_once(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    rejection = decide(runtime, agora.alice, comment_id, Action.REJECT)
    made = reported(runtime, agora.site_id, comment_id)
    assert made.report.state is ReportState.UPHELD
    assert made.report.decision_id == rejection.id
    assert waiting(runtime, agora.alice) == {}


@pytest.mark.parametrize("scores", [CIVIL, HOSTILE], ids=["approved", "flagged"])
def test_a_report_before_the_classifier_is_not_lost(
    runtime: Runtime, agora: Agora, scores: dict[Label, float]
) -> None:
    comment_id = submit(runtime, agora.site_id).comment_id
    reported(runtime, agora.site_id, comment_id)
    assert waiting(runtime, agora.alice) == {}
    classify_all(runtime, scores)
    card = waiting(runtime, agora.alice)[comment_id]
    assert card.waiting is not None
    assert ReasonKind.REPORT in [reason.kind for reason in card.waiting.reasons]
    assert states(runtime, agora, comment_id) == [ReportState.OPEN]


def test_what_the_classifier_rejects_answers_the_reports(runtime: Runtime, agora: Agora) -> None:
    write_policy(runtime, agora.site_id, Policy(CLASSIFIER, {Label.INSULT: Threshold(reject=0.8)}))
    comment_id = submit(runtime, agora.site_id).comment_id
    reported(runtime, agora.site_id, comment_id)
    classify_all(runtime, HOSTILE)
    assert states(runtime, agora, comment_id) == [ReportState.UPHELD]
    assert waiting(runtime, agora.alice) == {}


def test_a_site_may_wait_for_more_readers(runtime: Runtime, agora: Agora, shown: CommentId) -> None:
    change_rules(runtime, "agora", review_from=3)
    reported(runtime, agora.site_id, shown, "a", "b")
    assert waiting(runtime, agora.alice) == {}
    reported(runtime, agora.site_id, shown, "c")
    assert shown in waiting(runtime, agora.alice)


def test_a_notice_of_illegality_waits_for_nobody_else(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    change_rules(runtime, "agora", review_from=3)
    reported(runtime, agora.site_id, shown, notice=Notice("reader@example.org"))
    assert shown in waiting(runtime, agora.alice)


def test_a_crowd_cannot_bring_back_what_was_approved_after_reports(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    reported(runtime, agora.site_id, shown)
    decide(runtime, agora.alice, shown, Action.APPROVE)
    reported(runtime, agora.site_id, shown, *FIVE[:4])
    assert waiting(runtime, agora.alice) == {}
    reported(runtime, agora.site_id, shown, FIVE[4])
    assert shown in waiting(runtime, agora.alice)


def test_another_complaint_about_an_approved_comment_is_looked_into(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    reported(runtime, agora.site_id, shown)
    decide(runtime, agora.alice, shown, Action.APPROVE)
    reported(runtime, agora.site_id, shown, "b", reason=ReportReason.PRIVACY)
    assert shown in waiting(runtime, agora.alice)


def test_another_text_is_looked_into_anew(runtime: Runtime, agora: Agora, shown: CommentId) -> None:
    reported(runtime, agora.site_id, shown)
    decide(runtime, agora.alice, shown, Action.APPROVE)
    submit(runtime, agora.site_id, text="Something else.")
    classify_all(runtime)
    assert reported(runtime, agora.site_id, shown).is_new
    assert shown in waiting(runtime, agora.alice)


def test_an_edit_does_not_shake_reports_off(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    reported(runtime, agora.site_id, shown)
    submit(runtime, agora.site_id, text="Good morning!")
    assert waiting(runtime, agora.alice) == {}
    classify_all(runtime)
    assert shown in waiting(runtime, agora.alice)
    assert not reported(runtime, agora.site_id, shown).is_new


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Action.REJECT, [ReportState.DISMISSED, ReportState.UPHELD]),
        (Action.APPROVE, [ReportState.DISMISSED, ReportState.DISMISSED]),
        (Action.FLAG, [ReportState.OPEN, ReportState.OPEN]),
    ],
)
def test_a_decision_answers_the_reports(
    runtime: Runtime,
    agora: Agora,
    shown: CommentId,
    action: Action,
    expected: list[ReportState],
) -> None:
    reported(runtime, agora.site_id, shown, "a")
    reported(runtime, agora.site_id, shown, "b", reason=SPAM)
    seen = SeenReports(upheld=frozenset({SPAM}))
    decision = decide(runtime, agora.alice, shown, action, reports=seen)
    assert states(runtime, agora, shown) == expected
    details = {r.detail for r in decision.reasons if r.kind is ReasonKind.REPORT}
    assert details == {"harassment", "spam"}
    assert bool(waiting(runtime, agora.alice)) is (action is Action.FLAG)


def test_a_report_that_came_while_somebody_looked_is_not_dismissed_unseen(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    reported(runtime, agora.site_id, shown, "a")
    reported(runtime, agora.site_id, shown, "b", reason=ReportReason.PRIVACY)
    decide(runtime, agora.alice, shown, Action.APPROVE, reports=SeenReports(up_to=1))
    assert states(runtime, agora, shown) == [ReportState.DISMISSED, ReportState.OPEN]
    assert shown in waiting(runtime, agora.alice)


def test_a_flood_of_reports_makes_no_decision_stale(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    reported(runtime, agora.site_id, shown)
    seen = get_comment(runtime, agora.site_id, shown).comment.sequence
    reported(runtime, agora.site_id, shown, *FIVE)
    decide_comment(runtime, agora.alice, shown, Action.REJECT, seen=seen)
    assert set(states(runtime, agora, shown)) == {ReportState.UPHELD}


def test_a_report_and_a_decision_at_once_leave_nothing_unanswered(
    runtime: Runtime, agora: Agora
) -> None:
    for n in range(6):
        comment_id = approved_comment(runtime, agora.site_id, f"race-{n}")
        reported(runtime, agora.site_id, comment_id, "first")
        seen = get_comment(runtime, agora.site_id, comment_id).comment.sequence
        together = threading.Barrier(2)

        def complain(
            comment_id: CommentId = comment_id, gate: threading.Barrier = together
        ) -> None:
            gate.wait()
            reported(runtime, agora.site_id, comment_id, "second")

        reader = threading.Thread(target=complain)
        reader.start()
        together.wait()
        decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=seen)
        reader.join()
        assert states(runtime, agora, comment_id) == [ReportState.UPHELD] * 2
        assert waiting(runtime, agora.alice) == {}


def test_the_same_reader_twice_at_once_is_one_report(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    answers: list[bool] = []
    readers = [
        threading.Thread(
            target=lambda: answers.append(reported(runtime, agora.site_id, shown).is_new)
        )
        for _ in range(4)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert sorted(answers) == [False, False, False, True]


def test_words_beyond_what_anybody_reads_are_only_counted(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    readers = [f"reader-{n}" for n in range(MOST_WITH_WORDS + 3)]
    reported(runtime, agora.site_id, shown, *readers, words="words")
    reported(runtime, agora.site_id, shown, "late", words="a notice", notice=Notice("me"))
    found = all_of(runtime, agora, shown)
    assert [report.words for report in found].count("words") == MOST_WITH_WORDS
    assert (found[-1].words, found[-1].contact) == ("a notice", "me")
    card = waiting(runtime, agora.alice)[shown]
    assert card.complaints.reports is not None
    assert card.complaints.reports.readers == len(readers) + 1
    assert len(card.complaints.said) == 5


def test_one_reader_cannot_report_everything(held_runtime: Runtime, clock: FakeClock) -> None:
    agora = make_agora(held_runtime)
    for n in range(REPORTS_AN_HOUR):
        submit(held_runtime, agora.site_id, f"c{n}")
    classify_all(held_runtime)
    for n in range(REPORTS_AN_HOUR):
        report(held_runtime, agora.site_id, f"c{n}", NewReport("eager", SPAM))
    approved_comment(held_runtime, agora.site_id, "last")
    with pytest.raises(TooManyReports):
        report(held_runtime, agora.site_id, "last", NewReport("eager", SPAM))
    report(held_runtime, agora.site_id, "last", NewReport("calm", SPAM))
    clock.pass_time(minutes=61)
    assert report(held_runtime, agora.site_id, "last", NewReport("eager", SPAM)).is_new


def test_another_sites_comment_cannot_be_reported(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    for which in (shown, "c1"):
        with pytest.raises(NotFound):
            report(runtime, agora.other_site_id, which, NewReport("a", SPAM))


def test_an_erased_comment_takes_its_reports_along(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    reported(runtime, agora.site_id, shown, words="canary", notice=Notice("canary"))
    erase(runtime, agora.site_id, shown)
    with pytest.raises(Erased):
        reported(runtime, agora.site_id, shown)
    with runtime.reading() as connection:
        row = connection.exec_driver_sql(
            "SELECT state, reporter, words, contact FROM reports"
        ).one()
    assert tuple(row) == ("moot", None, None, None)


def test_the_site_learns_that_readers_had_complained(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    comment_id = approved_comment(held_runtime, agora.site_id)
    reported(held_runtime, agora.site_id, comment_id)
    decide(held_runtime, agora.alice, comment_id, Action.APPROVE)
    clock.pass_time(seconds=11)
    publish_due(held_runtime)
    last = decisions_after(held_runtime, agora.site_id, 0, 10)[-1]
    assert [r.detail for r in last.decision.reasons if r.kind is ReasonKind.REPORT] == [
        "harassment"
    ]
    assert last.appeal is None
