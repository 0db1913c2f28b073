"""`copydesk mail`: whether this installation can send mail."""

from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.mail import MailFailed, hand_in
from moderation.model.errors import NotConfigured
from moderation.services.letters import trial
from moderation.services.people import check_email

app = typer.Typer(help="See whether mail can be sent.", no_args_is_help=True)


@app.callback()
def _mail() -> None:
    """See whether mail can be sent."""


@app.command("test")
def test(address: Annotated[str, typer.Argument(help="Where a test message is sent.")]) -> None:
    """Hand a test message to the mail server, and say what it answered."""
    with opened(migrated=False) as runtime:
        server = runtime.settings.mail_server
        if server is None:
            raise NotConfigured("Set COPYDESK_SMTP_URL and COPYDESK_MAIL_FROM to send mail.")
        message = trial(runtime.settings, check_email(address), runtime.clock.now())
        try:
            hand_in(server, message)
        except MailFailed as error:
            raise NotConfigured(f"{server.host} took no mail: {error}") from None
    screen.say(f"{server.host} took the message for {address}; see whether it arrives.")
