"""Commands of `copydesk`, called in the process of the test."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from moderation.cli import main


@dataclass(frozen=True)
class Ended:
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str


Copydesk = Callable[..., Ended]


def ended(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> Ended:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main(words)
    printed = capsys.readouterr()
    return Ended(int(left.value.code or 0), printed.out, printed.err)
