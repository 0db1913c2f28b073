"""`copydesk perspective shadow`: ask Perspective about what is decided here."""

from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.model.errors import InvalidInput
from moderation.model.perspective import ShadowState
from moderation.runtime import Runtime
from moderation.services.shadowing import (
    Shadow,
    Shadowing,
    begin_shadow,
    end_shadow,
    shadow_of,
)

MOST_BYTES = 1_000
"""Of a file that holds a key."""

STATES = {
    ShadowState.ON: "on",
    ShadowState.OFF: "off, switched off",
    ShadowState.KEY_REFUSED: "off, because Perspective refused the key",
    ShadowState.GONE: "off, because Perspective answers no more",
}


def shadow(
    site: Annotated[str, typer.Argument(help="The site's short name.")],
    *,
    key_file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Begin, with the key in this file."),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="End, and forget the key.")] = False,
    share: Annotated[float, typer.Option(help="Of the comments, 0 to 1; drawn by lot.")] = 1.0,
    a_second: Annotated[
        float, typer.Option(help="Questions a second; Google allows one by itself.")
    ] = 1.0,
) -> None:
    """Ask Google's Perspective API about what is decided, to compare; else say how it goes.

    While it is on, TEXTS OF COMMENTS GO TO GOOGLE. No decision depends on it or waits for it.
    """
    if key_file is not None and off:
        raise InvalidInput("Give --key-file or --off, not both.")
    with opened() as runtime:
        found = _found(runtime, site, _read(key_file, share, a_second), off=off)
        if found is None:
            screen.say(f"Perspective was never asked for {site}.")
            return
        _print(site, found, runtime.settings.perspective_url)


def _found(runtime: Runtime, site: str, given: Shadowing | None, *, off: bool) -> Shadow | None:
    if given is not None:
        return begin_shadow(runtime, site, given)
    return end_shadow(runtime, site) if off else shadow_of(runtime, site)


def _read(key_file: Path | None, share: float, a_second: float) -> Shadowing | None:
    if key_file is None:
        return None
    with key_file.open("rb") as file:
        key = file.read(MOST_BYTES).decode("utf-8", "replace").strip()
    return Shadowing(key, share, a_second)


def _print(site: str, found: Shadow, url: str) -> None:
    screen.say(f"Asking Perspective for {site}: {STATES[found.state]}.")
    if found.state is ShadowState.ON:
        screen.say(
            f"Of {found.share:.0%} of the comments the text goes to {screen.visible(url)}, at most "
            f"{found.a_second:g} a second."
        )
    rows = [
        ("since", found.started_at),
        ("ended", found.ended_at),
        ("asked", f"{found.asked:,}"),
        ("answered", f"{found.answered:,}"),
        ("refused, as for a language", f"{found.refused:,}"),
        ("last answer", found.answered_at),
        ("failed since", f"{found.failures:,}" if found.failures else None),
        ("last problem", found.problem),
    ]
    screen.table(("", ""), [row for row in rows if row[1] is not None])
