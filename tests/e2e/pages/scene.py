"""A desk with something of everything on it, for looking at every page."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from api.dashboard import display
from moderation.model.comments import Author, Format, Thread
from moderation.model.decisions import Action, Decision
from moderation.model.events import DeliveryState
from moderation.model.ids import BulkId, CommentId
from moderation.model.labels import Label
from moderation.model.marks import Mark
from moderation.model.notifications import MailKind
from moderation.model.people import Role, User
from moderation.model.preferences import Preferences
from moderation.model.reviews import Cause
from moderation.runtime import Runtime
from moderation.services import endpoints
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment, undo
from moderation.services.notifications import stop_token
from moderation.services.passwords import hash_password
from moderation.services.people import create_password_link, find_user
from moderation.services.preferences import choose
from moderation.services.sites import change_site
from moderation.storage import comments, deliveries, sites, users
from moderation.storage import endpoints as stored_endpoints
from tests import audited_site
from tests.applications import replace_filter
from tests.e2e.conftest import PASSWORD
from tests.e2e.pages import crowd
from tests.factories import (
    CIVIL,
    HOSTILE,
    Agora,
    classify_all,
    make_agora,
    make_site,
    make_user,
    mark_words,
    submit,
)
from tests.shadows import see_both

ADA = "ada@example.org"
BREAKS = "this text breaks its card"
INSULT = "You are an idiot, and everybody knows it."
BOB = Author(id="u17", name="Bob", role="subscriber", url="bob.example")
BUDGET = Thread(id="t4", title="The budget", section="politics", url="https://news.example/4")


@dataclass(frozen=True)
class Scene:
    """Whom and what the pages are about."""

    agora: Agora
    ada: User
    told: CommentId
    """A comment with all that a comment can have."""
    held: CommentId
    """A comment that a colleague is on."""
    sampled: CommentId
    """A comment that the audit gave to Ada."""
    password_link: str
    stop_token: str
    bulks: Mapping[str, BulkId]
    """Of each state one: previewed, running, ended."""


def furnish(runtime: Runtime) -> Scene:
    """Fill an empty database: comments of every kind, decided in every way, and webhooks."""
    agora = make_agora(runtime)
    # First of all, so that the newest comments are others.
    audited_site.fill(runtime, make_site(runtime, "delphi"))
    change_site(runtime, "agora", hosts=["news.example"])
    see_both(runtime)
    ada = add_ada(runtime)
    crowd.run_in_shadow(runtime, agora, ada)
    _add_endpoints(runtime, agora)
    told = _tell_a_long_story(runtime, agora, ada)
    _flag(runtime, agora)
    choose(runtime, ada, Preferences(hide=Cause.THREAT))
    _decide(runtime, agora, ada)
    _deliver(runtime)
    held = crowd.work_together(runtime, agora, ada, told)
    crowd.complain(runtime, agora, ada)
    crowd.compare_with_perspective(runtime, agora)
    assert BOB.id
    assert BUDGET.id
    crowd.set_standings(runtime, agora, BOB.id, BUDGET.id)
    bulks = crowd.decide_together(runtime, agora, ada)
    crowd.look_twice(runtime, agora, ada)
    sampled = crowd.audit(runtime, agora, ada)
    crowd.teach(runtime, agora)
    submit(runtime, agora.site_id, "waits", text="Nobody has read this yet.")
    tokens = (
        create_password_link(runtime, find_user(runtime, agora.alice.email).id),
        stop_token(runtime.settings, MailKind.DIGEST, ada.id),
    )
    return Scene(agora, ada, told, held, sampled, *tokens, bulks)


def add_ada(runtime: Runtime) -> User:
    """Add somebody who sees every page and may sign in."""
    ada = make_user(runtime, "Ada", Role.ADMIN)
    with runtime.transaction() as connection:
        users.set_password_hash(connection, ada.id, hash_password(PASSWORD))
    return ada


def break_a_card(app: Flask) -> None:
    """Let one text break its card, as an error of ours would."""

    def pieces(text: str, **options: Any) -> list[display.Piece]:  # noqa: ANN401 - as they are
        if text == BREAKS:
            raise ValueError(text)
        return display.pieces(text, **options)

    replace_filter(app, "pieces", pieces)


def _tell_a_long_story(runtime: Runtime, agora: Agora, ada: User) -> CommentId:
    """Return a reply that was edited, judged, undone, rejected and flagged again, and answered."""
    submit(runtime, agora.site_id, "c0", text="Trams are late.", author=BOB, thread=BUDGET)
    fields = {"author": BOB, "thread": BUDGET, "parent_external_id": "c0", "language": "en"}
    for attempt in ("A first try.", "A second try."):
        comment_id = submit(runtime, agora.site_id, "told", text=attempt, **fields).comment_id
    classify_all(runtime)
    html = f"<p>{INSULT}</p><a href='https://elsewhere.example'>See \u202ethis</a>"
    submit(runtime, agora.site_id, "told", text=html, format=Format.HTML, **fields)
    classify_all(runtime, HOSTILE)
    mark_words(runtime, [Mark(11, 16, Label.INSULT, 0.99), Mark(18, 21, Label.TOXICITY, 0.9)])
    undo(runtime, ada, _reject(runtime, ada, comment_id).id)
    for n, answer in enumerate((f"{INSULT} See this", f"{INSULT} See this!", "No.")):
        replying = {"parent_external_id": "told", "thread": BUDGET}
        submit(runtime, agora.site_id, f"answer{n}", text=answer, **replying)
    classify_all(runtime)
    return comment_id


def _flag(runtime: Runtime, agora: Agora) -> None:
    site = agora.site_id
    submit(runtime, site, "long", text=f"{INSULT}\n" * 60, author=BOB, thread=BUDGET)
    submit(runtime, site, "nameless", text=f"{INSULT} z{chr(0x301) * 9} \u200b\U000e0049")
    submit(runtime, site, "breaks", text=BREAKS, author=replace(BOB, id="u18"))
    submit(runtime, agora.other_site_id, "boule", text=INSULT, author=replace(BOB, name=None))
    classify_all(runtime, HOSTILE)
    submit(runtime, site, "threat", text="I know where you live.", author=BOB)
    classify_all(runtime, HOSTILE | {Label.THREAT: 0.9})
    for n, odd in enumerate(({"language": "fi", "supported": False}, {"failure": "it crashed"})):
        submit(runtime, site, f"unscored{n}", text="Hyvää huomenta kaikille.", author=BOB)
        classify_all(runtime, {}, **odd)


def _decide(runtime: Runtime, agora: Agora, ada: User) -> None:
    site = agora.site_id
    ids = [submit(runtime, site, f"d{n}", author=BOB, thread=BUDGET).comment_id for n in range(3)]
    classify_all(runtime)
    _reject(runtime, ada, ids[0])
    erase(runtime, site, ids[1])
    # What a lower line for insults would flag.
    submit(runtime, site, "near", text="You windbag.", author=BOB, thread=BUDGET)
    classify_all(runtime, CIVIL | {Label.INSULT: 0.6})
    with runtime.transaction() as connection:
        sites.change(connection, site, capped_at=runtime.database_now(connection))


def _reject(runtime: Runtime, ada: User, comment_id: CommentId) -> Decision:
    with runtime.reading() as connection:
        comment = comments.by_id(connection, comment_id)
    assert comment is not None
    return decide_comment(
        runtime, ada, comment_id, Action.REJECT, seen=comment.sequence, words=crowd.OFF_TOPIC
    )


def _add_endpoints(runtime: Runtime, agora: Agora) -> None:
    """Add one that works, one that fails and one that is disabled; comments follow."""
    works, fails, disabled = (
        endpoints.add_endpoint(
            runtime, agora.site_id, f"https://hooks.example.com/{name}", f"The one that {name}"
        ).id
        for name in ("works", "fails", "disabled")
    )
    endpoints.disable_endpoint(runtime, disabled)
    with runtime.transaction() as connection:
        soon = runtime.database_now(connection) + timedelta(minutes=5)
        stored_endpoints.change(connection, fails, failures=3, rests_until=soon)
    endpoints.send_test(runtime, works)


def _deliver(runtime: Runtime) -> None:
    """Let deliveries end in every way: nobody sends them here."""
    states = itertools.cycle(DeliveryState)
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        for one in connection.execute(select(deliveries.deliveries)).all():
            state = next(states)
            if state is not DeliveryState.QUEUED:
                deliveries.finish(connection, [one.id], state, now)
                tried = {"delivery_id": one.id, "number": 1, "milliseconds": 31}
                failed = {"status": 500, "error": "answered <b>500</b>", "attempted_at": now}
                deliveries.add_attempts(connection, [tried | failed])
