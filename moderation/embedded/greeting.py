"""The greeting: what a person needs to go on, in at most fifteen lines."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from moderation.settings import Settings

_COMMENT = {"external_id": "hello-1", "text": "You are an idiot and everybody here knows it."}

_FROM_SHELL = "Authorization: Bearer $COPYDESK_KEY"


def greeting(settings: Settings, made: Mapping[str, str | None]) -> Iterator[str]:
    """Return the lines; `made` is what the first start made and nobody will see again."""
    command = _command()
    yield f"Copydesk is ready: {settings.base_url}/"
    if made["password"]:
        yield f"  sign in as    {made['email']}"
        yield f"  password      {made['password']}   (shown this once)"
    else:
        yield f"  sign in       with the password you have; a new one: {command} user reset ADDRESS"
    if made["key"]:
        yield f"  API key       {made['key']}   (shown this once)"
    else:
        new = f"export COPYDESK_KEY=$({command} key add demo | tail -n 1)"
        yield f"  API key       put the one you have into COPYDESK_KEY; a new one: {new}"
    yield "Post a comment and see what is decided:"
    yield f"  {_curl(settings, made['key'])}"
    yield f"Or a whole thread: {command} demo      All commands: {command} --help"
    yield f"Logs: {settings.var / 'log'}/      Stop: Ctrl-C"


def _curl(settings: Settings, key: str | None) -> str:
    # Only a digest of a key is kept: from the second start on, the shell has to know it.
    authorization = f"'Authorization: Bearer {key}'" if key else f'"{_FROM_SHELL}"'
    return (
        f"curl -sS {settings.base_url}/v1/comments -H {authorization} "
        f"-H 'Content-Type: application/json' -H 'Prefer: wait=5' -d '{json.dumps(_COMMENT)}'"
    )


def _command() -> str:
    """Return how to call the command line from here."""
    path = Path(sys.executable).with_name("copydesk")
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
