"""`copydesk demo`: post a thread of comments over HTTP and show what is decided."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.demo_client import DemoClient, Posted, read_thread
from moderation.services import api_keys

TEXT_WIDTH = 60

Url = Annotated[str | None, typer.Option(help="Where the service is; else of this installation.")]
Key = Annotated[str | None, typer.Option(help="An API key; else one is made for this once.")]


def demo(
    url: Url = None,
    key: Key = None,
    site: Annotated[str, typer.Option(help="The site that gets the comments.")] = "demo",
) -> None:
    """Post a thread of sixty comments, civil and not, and show what is decided.

    Posting it again shows what stands now, with your own decisions.
    """
    if url is not None and key is not None:
        _play(url, key)
        return
    with _own_key(site) as (own_url, own_key):
        _play(url or own_url, key or own_key)


@contextmanager
def _own_key(site: str) -> Iterator[tuple[str, str]]:
    """Yield the address of this installation and a key that works until we are done."""
    with opened() as runtime:
        made = api_keys.add_key(runtime, site, "copydesk demo")
        try:
            yield runtime.settings.base_url, made
        finally:
            api_keys.disable_key(runtime, site, made.split("_")[1])


def _play(url: str, key: str) -> None:
    thread = read_thread()
    with DemoClient(url.rstrip("/"), key) as client:
        posted = [client.post(comment) for comment in thread]
        posted = client.await_decisions(posted)
    screen.table(("", "kind", "comment", "status", "because"), map(_row, posted))
    _sum_up(posted, url.rstrip("/"))


def _row(posted: Posted) -> tuple[str, ...]:
    text = screen.shorten(screen.visible(posted.text), TEXT_WIDTH)
    return (posted.external_id, posted.kind, text, posted.status, posted.because)


def _sum_up(posted: list[Posted], url: str) -> None:
    statuses = [one.status for one in posted]
    counts = ", ".join(f"{statuses.count(status)} {status}" for status in sorted(set(statuses)))
    screen.say(f"{len(posted)} comments: {counts}.")
    screen.say(f"Those that are flagged wait for you at {url}/")
    screen.say("docs/tuning.md says how the first thresholds were chosen,")
    screen.say("and the Thresholds page lets you change them.")
    if "pending" in statuses:
        screen.complain("Some are not decided yet. Do the workers run? See `copydesk health`.")
        raise typer.Exit(1)
