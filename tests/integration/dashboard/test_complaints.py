"""Reports and appeals on the desk."""

import pytest

from moderation.model.appeals import AppealState
from moderation.model.decisions import Action
from moderation.model.reports import Notice, ReportReason, ReportState
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services.appealing import appeals_of
from moderation.services.reading import get_comment
from moderation.services.reporting import reports_after
from moderation.storage import users
from tests.complaining import appealed, approved_comment, decide, reported
from tests.factories import Agora, flagged_comment
from tests.integration.dashboard.conftest import Browser
from tests.statements import heard

HOSTILE = "<script>alert(1)</script> \u202eevil"


def sequence(runtime: Runtime, agora: Agora, comment_id: object) -> int:
    return get_comment(runtime, agora.site_id, comment_id).comment.sequence  # type: ignore[arg-type]


def states(runtime: Runtime, agora: Agora, comment_id: object) -> list[ReportState]:
    found = reports_after(runtime, agora.site_id, comment_id, 0, 100)  # type: ignore[arg-type]
    return [report.state for report in found]


def test_a_card_says_who_complains_of_what(alice: Browser, runtime: Runtime, agora: Agora) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id, "a", "b", words=HOSTILE)
    notice = Notice("me@example.org")
    reported(
        runtime, agora.site_id, comment_id, "c", reason=ReportReason.SPAM, words="ad", notice=notice
    )
    for page in ("/queue", f"/comments/{comment_id}"):
        text = alice.get(page).text
        assert "reported by 3 readers: harassment (2), spam (1)" in text
        assert "1 of them: illegal" in text
        assert "readers see it meanwhile" in text
        assert "me@example.org" in text
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text
        assert "\u202e" not in text


def test_approving_dismisses_what_was_seen(alice: Browser, runtime: Runtime, agora: Agora) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id, "a")
    text = alice.get("/queue").text
    assert 'name="reports" value="1"' in text
    reported(runtime, agora.site_id, comment_id, "b", reason=ReportReason.PRIVACY)
    seen = sequence(runtime, agora, comment_id)
    alice.post(f"/comments/{comment_id}/decide", action="approve", seen=seen, reports=1)
    assert states(runtime, agora, comment_id) == [ReportState.DISMISSED, ReportState.OPEN]
    assert "private data (1)" in alice.get("/queue").text


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [
        (["spam"], [ReportState.DISMISSED, ReportState.UPHELD]),
        (["harassment", "spam"], [ReportState.UPHELD, ReportState.UPHELD]),
        ([], [ReportState.DISMISSED, ReportState.DISMISSED]),
    ],
)
def test_rejecting_upholds_what_is_ticked(
    alice: Browser, runtime: Runtime, agora: Agora, ticked: list[str], expected: list[ReportState]
) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id, "a")
    reported(runtime, agora.site_id, comment_id, "b", reason=ReportReason.SPAM)
    assert 'name="upheld" value="spam" checked' in alice.get("/queue").text
    alice.post(
        f"/comments/{comment_id}/decide",
        action="reject",
        seen=sequence(runtime, agora, comment_id),
        reports=2,
        ticks="yes",
        upheld=ticked,
    )
    assert states(runtime, agora, comment_id) == expected


def test_a_form_with_a_made_up_reason_changes_nothing(
    alice: Browser, runtime: Runtime, agora: Agora
) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id)
    form = {"action": "reject", "seen": 1, "reports": 1, "ticks": "yes", "upheld": "dislike"}
    alice.post(f"/comments/{comment_id}/decide", 422, **form)
    assert states(runtime, agora, comment_id) == [ReportState.OPEN]


def test_an_appeal_is_for_somebody_else(
    alice: Browser, olga: Browser, runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.REJECT, words=Words(note="House rule 7"))
    appealed(runtime, agora.site_id, comment_id, HOSTILE)
    text = alice.get("/queue").text
    assert "somebody else judges the appeal" in text
    assert "Overturn and approve" not in text
    seen = sequence(runtime, agora, comment_id)
    alice.post(f"/comments/{comment_id}/decide", 403, action="approve", seen=seen, alone="yes")
    text = olga.get("/queue").text
    assert "Appeal against" in text
    assert "House rule 7" in text
    assert "Alice\N{RIGHT SINGLE QUOTATION MARK}s rejection" in text
    assert "<script>alert" not in text
    olga.post(f"/comments/{comment_id}/decide", action="approve", seen=seen, message="Irony.")
    [found] = appeals_of(runtime, agora.site_id, comment_id)
    assert (found.state, found.statement) == (AppealState.OVERTURNED, "Irony.")
    assert "The decision was overturned" in olga.get(f"/comments/{comment_id}").text


def test_who_is_alone_is_warned(alice: Browser, runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.REJECT)
    with runtime.transaction() as connection:
        users.set_disabled(connection, agora.olga.id, runtime.database_now(connection))
    appealed(runtime, agora.site_id, comment_id)
    text = alice.get("/queue").text
    assert "You decided this yourself" in text
    assert 'name="alone" value="yes"' in text
    seen = sequence(runtime, agora, comment_id)
    alice.post(f"/comments/{comment_id}/decide", 409, action="reject", seen=seen)
    alice.post(f"/comments/{comment_id}/decide", action="reject", seen=seen, alone="yes")
    [found] = appeals_of(runtime, agora.site_id, comment_id)
    assert (found.state, found.own_decision) == (AppealState.UPHELD, True)
    text = alice.get(f"/comments/{comment_id}").text
    assert "by the person who had decided" in text


def test_the_judge_can_take_the_answer_back(
    alice: Browser, olga: Browser, mallory: Browser, runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.REJECT)
    appealed(runtime, agora.site_id, comment_id)
    made = decide(runtime, agora.olga, comment_id, Action.APPROVE)
    undo = f"/decisions/{made.id}/undo"
    assert undo not in alice.get(f"/comments/{comment_id}").text
    assert undo in olga.get(f"/comments/{comment_id}").text
    alice.post(undo, 403)
    mallory.post(undo, 404)
    olga.post(undo)
    assert "Overturn and approve" in olga.get("/queue").text


@pytest.mark.usefixtures("backlog_is_known")
def test_cards_with_complaints_need_no_more_statements(
    olga: Browser, runtime: Runtime, agora: Agora
) -> None:
    def complain_of(*names: str) -> None:
        for name in names:
            shown = approved_comment(runtime, agora.site_id, name)
            reported(runtime, agora.site_id, shown, f"reader of {name}", words="words")
            taken_off = flagged_comment(runtime, agora.site_id, f"{name}-off")
            decide(runtime, agora.alice, taken_off, Action.REJECT)
            appealed(runtime, agora.site_id, taken_off)

    def count() -> int:
        with heard(runtime) as said:
            olga.get("/queue")
        return sum(one.reads for one in said)

    complain_of("one")
    few = count()
    complain_of("two", "three", "four")
    assert count() == few
