"""What colleagues, readers, authors and Perspective leave on the desk of the scene."""

from datetime import timedelta

from moderation.model.bulks import BulkAction
from moderation.model.comments import Author, Thread
from moderation.model.decisions import Action
from moderation.model.head_trials import Point, Trial
from moderation.model.heads import HeadState
from moderation.model.ids import BulkId, CommentId, new_uuid
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.model.perspective import Attribute
from moderation.model.reports import Notice, ReportReason
from moderation.model.reviews import HANDED
from moderation.model.standings import NewStanding, Standing, StandingSource, Subject, SubjectKind
from moderation.model.team_notes import About
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services import auditing
from moderation.services.appealing import appeal
from moderation.services.audit_runs import next_turn
from moderation.services.bulk_previewing import preview
from moderation.services.bulks import start
from moderation.services.claims import hand_over
from moderation.services.moderating import decide_comment
from moderation.services.reading import get_comment
from moderation.services.saved_filters import save_filter
from moderation.services.second_looks import change_share, look, next_look
from moderation.services.shadowing import Shadowing, begin_shadow
from moderation.services.shadows import Changed, start_shadow, stop_shadow
from moderation.services.standings import Setter, set_standing
from moderation.services.team_notes import add_note
from moderation.storage import claims, heads
from moderation.storage.claims import Taker
from tests.auditing import sampled
from tests.bulks import SPAM, begin, chosen, flagged, run
from tests.complaining import approved_comment, let_sign_in, reported
from tests.factories import CIVIL, CLASSIFIER, Agora, classify_all, flagged_comment, submit
from tests.shadows import publish_ahead

OFF_TOPIC = Words("off-topic", note="Again", message="Please keep to the topic.")
EVE = Author(id="u23", name="Eve \u202e")
TRAINS = Thread(id="t5", title="Trains", section="travel", url="https://news.example/5")
CURVE = tuple(Point(n / 20, 1 - (n / 20) ** 3, 1 - (n / 20) ** 0.3) for n in range(1, 20))
LINK = "https://news.example/4"
WORDS = f"Read {LINK} \u202ebefore you judge: <b>{'long' * 60}</b>"
"""By somebody who is no friend of pages."""


def work_together(runtime: Runtime, agora: Agora, ada: User, told: CommentId) -> CommentId:
    """Let Alice hand a comment over, write notes and be on another comment, which is returned."""
    handed, held = (flagged_comment(runtime, agora.site_id, name) for name in ("handed", "held"))
    hand_over(runtime, agora.alice, handed, ada.id, word=WORDS[:200])
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        # For as long as anybody can, so that it lasts until it is looked at here.
        claims.hold(connection, held, Taker(agora.alice.id, now), HANDED)
    add_note(runtime, agora.alice, told, About.COMMENT, WORDS)
    add_note(runtime, ada, told, About.AUTHOR, "Was warned.")
    save_filter(runtime, ada, "Politics", {"section": "politics", "order": "nearest"})
    return held


def run_in_shadow(runtime: Runtime, agora: Agora, ada: User) -> None:
    """Let a draft that flags all that is said run beside, and leave one that ended elsewhere."""
    wanted = Changed(WORDS, flags={Label.INSULT: 0.05})
    start_shadow(runtime, ada, agora.site_id, wanted)
    start_shadow(runtime, ada, agora.other_site_id, wanted)
    stop_shadow(runtime, ada, agora.other_site_id)
    publish_ahead(runtime, agora.other_site_id)


def complain(runtime: Runtime, agora: Agora, ada: User) -> None:
    """Let readers report a comment, and authors appeal: what Ada may judge, may not and must."""
    comment_id = approved_comment(runtime, agora.site_id, "reported")
    reported(runtime, agora.site_id, comment_id, "r1", "r2", words=WORDS)
    notice = Notice("rita@example.org")
    reported(runtime, agora.site_id, comment_id, "r3", reason=ReportReason.SPAM, notice=notice)
    # Whoever has no password does not count as somebody who could judge.
    let_sign_in(runtime, agora.alice)
    appeals = (
        (agora.site_id, agora.alice, WORDS),
        (agora.site_id, ada, None),
        (agora.other_site_id, ada, "It was irony."),
    )
    for number, (site_id, judge, words) in enumerate(appeals):
        contested = approved_comment(runtime, site_id, f"appeal{number}")
        seen = get_comment(runtime, site_id, contested).comment.sequence
        decide_comment(runtime, judge, contested, Action.REJECT, seen=seen, words=OFF_TOPIC)
        appeal(runtime, site_id, contested, words)


def set_standings(runtime: Runtime, agora: Agora, author: str, thread: str) -> None:
    """Ban, hold and trust: this author, this thread and somebody else."""
    by_alice = Setter(StandingSource.MODERATOR, agora.alice.id)
    week = timedelta(days=7)
    for standing, subject, ends, name in (
        (Standing.HELD, Subject(SubjectKind.AUTHOR, author), week, "Bob"),
        (Standing.BANNED, Subject(SubjectKind.AUTHOR, author), week, "Bob"),
        (Standing.HELD, Subject(SubjectKind.THREAD, thread), timedelta(days=1), "The budget"),
        (Standing.TRUSTED, Subject(SubjectKind.AUTHOR, "u" * 255), None, None),
    ):
        new = NewStanding(subject, standing, reason=WORDS[:200], ends=ends, name=name)
        set_standing(runtime, agora.site_id, new, by_alice)


def compare_with_perspective(runtime: Runtime, agora: Agora, many: int = 12) -> None:
    """Let both score some comments, which ours approves, and go on asking."""
    for number in range(many):
        there = number / many
        given = {Attribute.TOXICITY: there, Attribute.INSULT: 1 - there}
        submit(runtime, agora.site_id, f"pair{number}", perspective_scores=given)
        classify_all(runtime, CIVIL | {Label.TOXICITY: there / 2, Label.INSULT: 0.5 - there / 2})
    begin_shadow(runtime, "agora", Shadowing("the-key", share=0.5))


def decide_together(runtime: Runtime, agora: Agora, ada: User) -> dict[str, BulkId]:
    """Let Ada look at several comments, begin with others, and end with more."""
    found = {}
    # In this order: who looks at others, and has not begun, has one list alone.
    for name in ("ended", "running", "previewed"):
        ids = flagged(runtime, agora.site_id, 3, f"{name}-", text=f"Buy an idiot's {name} gold.")
        decide_comment(runtime, agora.olga, ids[0], Action.APPROVE, seen=1)
        if name == "ended":
            found[name] = begin(runtime, ada, chosen(*ids))
            run(runtime)
        else:
            found[name] = preview(runtime, ada, chosen(*ids))
        if name == "running":
            # Nobody carries it out here.
            start(runtime, ada, found[name], BulkAction.REJECT, SPAM)
    return found


def look_twice(runtime: Runtime, agora: Agora, ada: User) -> None:
    """Let Ada agree and disagree with Alice, and leave one comment for her to look at."""
    change_share(runtime, "agora", 1.0)
    let_sign_in(runtime, agora.alice)
    for number, second in enumerate((Action.REJECT, Action.APPROVE, None)):
        comment_id = flagged_comment(runtime, agora.site_id, f"twice{number}")
        decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=1, words=OFF_TOPIC)
        found = next_look(runtime, ada, [agora.site_id])
        if found and second:
            look(runtime, ada, found.id, second, seen=found.card.comment.sequence)


def audit(runtime: Runtime, agora: Agora, ada: User) -> CommentId:
    """Let Ada judge some of what automation approved; return what she is to judge next."""
    for _ in range(16):
        sampled(runtime, agora.site_id, WORDS, author=EVE, thread=TRAINS)
    for number in range(11):
        found = next_turn(runtime, ada, [agora.site_id], lambda: 0.0)
        assert found
        action = Action.APPROVE if number % 5 else Action.REJECT
        if number < 10:
            auditing.judge(runtime, ada, found, action, seen=1, words=OFF_TOPIC)
    return found


def teach(runtime: Runtime, agora: Agora) -> None:
    """Let Agora have learnt twice: what is on, and what is not offered."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        for number, lost in ((1, 3), (2, 45)):
            trial = Trial(1, 0.42, 900, 300, 700, 210, 300, 300 - lost, 495, 5, lost, 0, CURVE)
            heads.add(
                connection,
                id=new_uuid(),
                site_id=agora.site_id,
                number=number,
                classifier=CLASSIFIER,
                state=HeadState.TRAINED,
                asked_by=agora.olga.id,
                **dict.fromkeys(("asked_at", "until", "first_written_at", "last_written_at"), now),
                approved=4_500,
                rejected=1_500,
                digest="d" * 64,
                trial=trial.to_json(),
                weights=b"",
                fingerprint="f" * 64,
                on_at=now if number == 1 else None,
                filled_at=now if number == 1 else None,
            )
