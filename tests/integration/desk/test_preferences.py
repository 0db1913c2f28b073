"""What each person chose for their own desk: what colleagues take instead, and what is hidden."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from moderation.model.bulks import Band, Fate, Means, Selection
from moderation.model.comments import Author, Thread
from moderation.model.decisions import Action
from moderation.model.desk import EVERYTHING, Filter, Search
from moderation.model.ids import CommentId
from moderation.model.labels import Label
from moderation.model.overrides import put
from moderation.model.people import Role, User
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import Override, Threshold, first_policy
from moderation.model.preferences import Preferences
from moderation.model.reviews import Cause
from moderation.model.standings import (
    NewStanding,
    Standing,
    StandingSource,
    Subject,
    SubjectKind,
)
from moderation.runtime import Runtime
from moderation.services.claims import hand_over
from moderation.services.desk import comment_file, comments_page
from moderation.services.handing_out import hand_out
from moderation.services.preferences import choose
from moderation.services.queue import QueuePage, queue_page
from moderation.services.score_dots import read_dots
from moderation.services.second_looks import change_share, look, next_look
from moderation.services.setting_aside import escalate
from moderation.services.shift import read_shift
from moderation.services.sign_in import read_session
from moderation.services.standings import Setter, set_standing
from moderation.storage import audit, users
from moderation.storage.reviews import reviews
from tests.bulks import begin, fates, run
from tests.complaining import appealed, decide
from tests.factories import (
    CIVIL,
    CLASSIFIER,
    HOSTILE,
    Agora,
    FakeClock,
    classify_all,
    make_user,
    submit,
)
from tests.integration.test_policies_by_version import publish
from tests.preferences import NO_THREATS, THREAT, comes_on, flagged, signed_in
from tests.statements import heard

ATTACK = CIVIL | {Label.IDENTITY_ATTACK: 0.9}

pytestmark = pytest.mark.usefixtures("time_is_held_now")


def page_of(runtime: Runtime, user: User, sought: Filter = EVERYTHING) -> QueuePage:
    return queue_page(runtime, user, list(user.site_ids), sought)


def ids(page: QueuePage) -> list[CommentId]:
    return [card.comment.id for card in page.cards]


def given_first(runtime: Runtime, user: User) -> CommentId | None:
    card = hand_out(runtime, user, list(user.site_ids), EVERYTHING).card
    return card.comment.id if card else None


def test_what_somebody_opted_out_of_is_left_to_a_colleague_who_is_on(
    runtime: Runtime, agora: Agora
) -> None:
    threat = flagged(runtime, agora.site_id, "threat", THREAT)
    insult = flagged(runtime, agora.site_id, "insult", HOSTILE)
    alice, olga = comes_on(runtime, agora.alice, NO_THREATS), comes_on(runtime, agora.olga)
    page = page_of(runtime, alice)
    assert ids(page) == [insult]
    assert (page.tally.waiting, page.tally.everything, page.tally.opted_out) == (1, 1, 1)
    assert Cause.THREAT not in page.tally.causes
    assert given_first(runtime, alice) == insult
    assert read_shift(runtime, alice, list(alice.site_ids)).waiting == 2, "of the team, not of her"
    left = page_of(runtime, alice, Filter(opted_out=True))
    assert (ids(left), left.tally.waiting, left.tally.opted_out) == ([threat], 1, 0)
    assert left.cards[0].hidden == {threat: Cause.THREAT}
    assert ids(page_of(runtime, olga)) == [threat, insult]
    assert ids(page_of(runtime, olga, Filter(opted_out=True))) == [], "she leaves nothing"
    assert given_first(runtime, olga) == threat


def test_what_threatens_nobody_where_it_stands_is_not_hidden_there(
    runtime: Runtime, agora: Agora
) -> None:
    fiction = Override(Pattern(PlaceKind.SECTION, "fiction"), {Label.THREAT: Threshold()})
    publish(runtime, agora, put(first_policy(CLASSIFIER), fiction))
    alice, hidden = comes_on(runtime, agora.alice, Preferences(hide=Cause.THREAT)), []
    for section in ("Fiction", "News"):
        thread = Thread(section=section)
        comment_id = submit(runtime, agora.site_id, section, thread=thread).comment_id
        classify_all(runtime, THREAT)
        hidden.append(comment_file(runtime, alice, comment_id).card.hidden_for)
    assert hidden == [None, Cause.THREAT]


def test_what_is_left_to_colleagues_is_not_selected_by_score(
    runtime: Runtime, agora: Agora
) -> None:
    threat = flagged(runtime, agora.site_id, "threat", THREAT)
    insult = flagged(runtime, agora.site_id, "insult", HOSTILE)
    alice, _ = comes_on(runtime, agora.alice, NO_THREATS), comes_on(runtime, agora.olga)
    band = Band(Label.TOXICITY, 0.0, 1.0, CLASSIFIER)
    for sought, wanted in ((EVERYTHING, insult), (Filter(opted_out=True), threat)):
        dots = read_dots(runtime, alice, agora.site_id, Label.TOXICITY, sought)
        assert len(dots.scores) == 1
        selection = Selection(Means.BAND, site_id=agora.site_id, band=band, sought=sought)
        bulk_id = begin(runtime, alice, selection)
        run(runtime)
        assert fates(runtime, bulk_id) == {wanted: Fate.DONE}
    with runtime.reading() as connection:
        of_bulks = select(audit.audit.c.data).where(audit.audit.c.action == "bulk")
        entries = connection.execute(of_bulks).scalars().all()
    assert [entry["selected"]["filter"] for entry in entries] == [{}, {}], "who opts out is private"


def test_it_comes_hidden_to_everybody_once_it_waits_too_long(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    threat = flagged(runtime, agora.site_id, "threat", THREAT)
    alice = comes_on(runtime, agora.alice, NO_THREATS)
    clock.pass_time(minutes=29)
    comes_on(runtime, agora.olga)
    assert (ids(page_of(runtime, alice)), given_first(runtime, alice)) == ([], None)
    clock.pass_time(minutes=2)
    page = page_of(runtime, alice)
    assert (ids(page), page.tally.opted_out) == ([threat], 0), "Olga is on, and does not take it"
    assert page.cards[0].hidden == {threat: Cause.THREAT}
    assert given_first(runtime, alice) == threat
    assert ids(page_of(runtime, alice, Filter(opted_out=True))) == []


def test_it_comes_hidden_while_nobody_else_is_on_who_takes_it(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    comes_on(runtime, agora.mallory)
    comes_on(runtime, agora.olga)
    clock.pass_time(minutes=31)
    threat = flagged(runtime, agora.site_id, "threat", THREAT)
    alice = comes_on(runtime, agora.alice, NO_THREATS)
    page = page_of(runtime, alice)
    assert (ids(page), page.tally.opted_out) == ([threat], 0), "Mallory does not see the site"
    assert page.cards[0].hidden == {threat: Cause.THREAT}
    assert given_first(runtime, alice) == threat
    olga = comes_on(runtime, agora.olga)
    assert ids(page_of(runtime, alice)) == [], "Olga is back"
    comes_on(runtime, olga, Preferences(opt_out=Cause.THREAT | Cause.IDENTITY_ATTACK))
    assert ids(page_of(runtime, alice)) == [threat], "neither wants it: both are given it"
    comes_on(runtime, olga, Preferences(Cause.THREAT, opt_out=Cause.IDENTITY_ATTACK))
    assert ids(page_of(runtime, alice)) == [], "Olga takes threats, and only hides their text"


def test_what_not_everybody_may_decide_is_left_to_nobody(runtime: Runtime, agora: Agora) -> None:
    contested = flagged(runtime, agora.site_id, "contested", THREAT)
    handed = flagged(runtime, agora.site_id, "handed", THREAT)
    raised = flagged(runtime, agora.site_id, "raised", THREAT)
    comes_on(runtime, agora.alice)
    olga = comes_on(runtime, agora.olga, NO_THREATS)
    appealed(runtime, agora.site_id, contested)
    hand_over(runtime, agora.alice, handed, olga.id, word=None)
    escalate(runtime, agora.alice, raised, seen=1, note=None)
    page = page_of(runtime, olga)
    assert ids(page) == [contested], "an appeal against the flag still waits for the threat too"
    assert [card.comment.id for card in page.handed] == [handed]
    assert ids(page_of(runtime, olga, Filter(escalated=True))) == [raised]


def test_a_dispute_is_left_to_nobody(runtime: Runtime, agora: Agora) -> None:
    bob = make_user(runtime, "Bob", Role.MODERATOR, agora.site_id)
    comes_on(runtime, agora.alice)
    comes_on(runtime, bob)
    olga = comes_on(runtime, agora.olga, NO_THREATS)
    change_share(runtime, "agora", 1.0)
    disputed = flagged(runtime, agora.site_id, "disputed", THREAT)
    decide(runtime, agora.alice, disputed, Action.REJECT)
    found = next_look(runtime, bob, [agora.site_id])
    assert found
    look(runtime, bob, found.id, Action.APPROVE, seen=2)
    with runtime.transaction() as connection:
        # By itself it does not say what the comment was flagged for: nobody opts out of it then.
        connection.execute(reviews.update().values(causes=Cause.SECOND_LOOK | Cause.THREAT))
    assert ids(page_of(runtime, olga)) == [disputed], "the others are two that may not decide"


def test_texts_are_hidden_by_their_scores_wherever_they_stand(
    runtime: Runtime, agora: Agora
) -> None:
    alice = replace(agora.alice, preferences=Preferences(hide=Cause.THREAT | Cause.SEVERE_TOXICITY))
    parent = flagged(runtime, agora.site_id, "parent", THREAT | {Label.SEVERE_TOXICITY: 0.6})
    attack = flagged(runtime, agora.site_id, "attack", ATTACK)
    reply = submit(runtime, agora.site_id, "reply", text="No.", parent_external_id="parent")
    classify_all(runtime)
    both = Cause.THREAT | Cause.SEVERE_TOXICITY
    listed = comments_page(runtime, alice, [agora.site_id], Search()).listed
    assert {one.comment.id: one.hidden_for for one in listed} == {
        parent: both,
        attack: None,
        reply.comment_id: None,
    }
    assert comment_file(runtime, alice, reply.comment_id).card.hidden == {parent: both}
    assert comment_file(runtime, agora.alice, parent).card.hidden == {}


def test_the_text_of_a_banned_author_and_of_an_older_revision_is_hidden_too(
    runtime: Runtime, agora: Agora
) -> None:
    alice = replace(agora.alice, preferences=Preferences(hide=Cause.THREAT))
    author = Subject(SubjectKind.AUTHOR, "u1")
    banning = NewStanding(author, Standing.BANNED)
    set_standing(runtime, agora.site_id, banning, Setter(StandingSource.MODERATOR, agora.alice.id))
    banned = submit(runtime, agora.site_id, "banned", author=Author(id="u1")).comment_id
    edited = submit(runtime, agora.site_id, "edited").comment_id
    classify_all(runtime, THREAT)
    submit(runtime, agora.site_id, "edited", text="I take that back.")
    classify_all(runtime)
    for comment_id in (banned, edited):
        hidden = comment_file(runtime, alice, comment_id).card.hidden
        assert hidden[comment_id] == Cause.THREAT


def test_preferences_cost_one_statement_a_page_and_those_who_chose_nothing_none(
    runtime: Runtime, agora: Agora
) -> None:
    for n in range(3):
        flagged(runtime, agora.site_id, f"c{n}", HOSTILE)
    chosen = Preferences(hide=Cause.THREAT, opt_out=Cause.IDENTITY_ATTACK)

    def statements(user: User) -> int:
        with heard(runtime) as said:
            page_of(runtime, user)
        return len(said)

    assert statements(replace(agora.alice, preferences=chosen)) == statements(agora.alice) + 1
    token = signed_in(runtime, agora.alice)
    with heard(runtime) as plain:
        read_session(runtime, token)
    choose(runtime, agora.alice, chosen)
    with heard(runtime) as joined:
        session = read_session(runtime, token)
    assert session
    assert session.user.preferences == chosen
    assert len(joined) == len(plain)


def test_nobody_else_learns_what_somebody_chose(runtime: Runtime, agora: Agora) -> None:
    with runtime.reading() as connection:
        before = len(list(connection.execute(select(audit.audit))))
    choose(runtime, agora.alice, NO_THREATS)
    with runtime.reading() as connection:
        assert len(list(connection.execute(select(audit.audit)))) == before
        assert users.by_id(connection, agora.alice.id) == agora.alice
        assert agora.alice in users.every(connection)
