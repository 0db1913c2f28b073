"""The scoring process, started for real."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from moderation.embedded.programs import programs
from moderation.model.comments import Format
from moderation.model.errors import ScoringUnavailable
from moderation.model.scoring import Passage
from moderation.scoring import who_judges
from moderation.settings import Settings
from tests.installation import environment, wait_until
from tests.runtimes import SECRET
from tests.servers import free_port


def settings_for_scoring(folder: Path) -> Settings:
    """Return settings with an address at which nobody listens yet."""
    return Settings(
        secret_key=SecretStr(SECRET), var=folder, scoring_url=f"http://127.0.0.1:{free_port()}"
    )


@contextmanager
def scoring(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the process until it is not needed any more; it answers when it is yielded."""
    (command,) = [one.command for one in programs(settings) if one.name == "scoring"]
    with (settings.var / "scoring.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            env=os.environ | environment(settings),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: answers(settings))
        yield process
    finally:
        process.terminate()
        process.wait(60)


def answers(settings: Settings) -> bool:
    try:
        who_judges(settings)
    except ScoringUnavailable:
        return False
    return True


def passage(
    text: str,
    *parts: str,
    written: Format = Format.PLAIN,
    said: str | None = None,
    route: str | None = None,
) -> Passage:
    """Return a text of an English site."""
    return Passage(text, written, said, "en", route, parts)
