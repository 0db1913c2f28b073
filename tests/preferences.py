"""Builders of desks that somebody arranged for themselves, and of what these keep off."""

from moderation.model.ids import CommentId, SiteId
from moderation.model.labels import Label, Scores
from moderation.model.people import User
from moderation.model.preferences import Preferences
from moderation.model.reviews import Cause
from moderation.runtime import Runtime
from moderation.services.passwords import hash_password
from moderation.services.preferences import choose
from moderation.services.sign_in import read_session, sign_in
from moderation.storage import users
from tests.factories import CIVIL, classify_all, submit

PASSWORD = "correct horse battery staple"  # noqa: S105 - for tests
THREAT = CIVIL | {Label.THREAT: 0.9}
NO_THREATS = Preferences(opt_out=Cause.THREAT)


def flagged(runtime: Runtime, site_id: SiteId, name: str, scores: Scores) -> CommentId:
    """Return a comment with these scores that says its own name."""
    submitted = submit(runtime, site_id, name, text=f"The text of {name}.")
    classify_all(runtime, scores)
    return submitted.comment_id


def signed_in(runtime: Runtime, user: User) -> str:
    """Return the token of somebody's new session."""
    with runtime.transaction() as connection:
        users.set_password_hash(connection, user.id, hash_password(PASSWORD))
    return sign_in(runtime, user.email, PASSWORD)


def comes_on(runtime: Runtime, user: User, chosen: Preferences | None = None) -> User:
    """Sign somebody in; return them as their session knows them."""
    if chosen:
        choose(runtime, user, chosen)
    session = read_session(runtime, signed_in(runtime, user))
    assert session
    return session.user
