"""Builders of mails: who wants which, what makes them due, and what came."""

from moderation.model.notifications import MailKind, MailWhen, Wishes
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.notifications import save_wishes
from moderation.storage import mails
from tests.factories import Agora, FakeClock, flagged_comment
from tests.smtp_server import MailBox

WAITING = Wishes(MailWhen.WAITING, at_least=5, minutes=60)
DAILY = Wishes(MailWhen.DAILY, hour=10)


def flag(runtime: Runtime, agora: Agora, *names: str) -> None:
    """Let a comment of each name wait for a person."""
    for name in names:
        flagged_comment(runtime, agora.site_id, name)


def due(runtime: Runtime, agora: Agora, clock: FakeClock, *people: User) -> None:
    """Let people, or else Alice, be due a daily digest of one comment."""
    for user in people or (agora.alice,):
        save_wishes(runtime, user, DAILY)
    flag(runtime, agora, "c1")
    clock.pass_time(hours=1)


def on_its_way(runtime: Runtime, user: User) -> bool:
    """Say whether a digest is still to be sent to somebody."""
    with runtime.reading() as connection:
        return mails.on_their_way(connection, user.id, MailKind.DIGEST)


def mailed(box: MailBox) -> list[str]:
    """Return the subjects of the mails that came."""
    return [one["Subject"] for one in box.mails]
