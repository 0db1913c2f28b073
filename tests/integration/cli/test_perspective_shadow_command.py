"""`copydesk perspective shadow`: on, off, and how it goes."""

from pathlib import Path

import pytest

from moderation.model.perspective import ShadowState
from moderation.runtime import Runtime
from moderation.services.shadowing import shadow_of
from moderation.services.sites import add_site
from tests.commands import Copydesk
from tests.factories import CLASSIFIER

SHADOW = ("perspective", "shadow", "agora")
KEY = "AIza-the-key-of-the-site"


@pytest.fixture
def key_file(cli_runtime: Runtime, tmp_path: Path) -> str:
    """Write a key into a file; the site is Agora."""
    add_site(cli_runtime, "agora", CLASSIFIER)
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    return str(path)


def test_it_is_switched_on_and_off_and_says_where_texts_go(
    copydesk: Copydesk, cli_runtime: Runtime, key_file: str
) -> None:
    assert "never asked" in copydesk(*SHADOW).out
    begun = copydesk(*SHADOW, "--key-file", key_file, "--share", "0.2", "--a-second", "0.5")
    assert begun.status == 0
    assert "Asking Perspective for agora: on." in begun.out
    assert "Of 20% of the comments the text goes to https://commentanalyzer." in begun.out
    assert copydesk(*SHADOW).out == begun.out
    ended = copydesk(*SHADOW, "--off")
    assert "Asking Perspective for agora: off, switched off." in ended.out
    found = shadow_of(cli_runtime, "agora")
    assert found is not None
    assert found.state is ShadowState.OFF
    assert KEY not in begun.out + ended.out + begun.err + ended.err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--key-file", "KEY", "--off"), "not both"),
        (("--key-file", "KEY", "--share", "0"), "between 0 and 1"),
        (("--key-file", "KEY", "--a-second", "100"), "At most 10 questions"),
        (("--off",), "never asked"),
    ],
)
def test_what_makes_no_sense_is_refused(
    copydesk: Copydesk, key_file: str, words: tuple[str, ...], complaint: str
) -> None:
    refused = copydesk(*SHADOW, *(key_file if word == "KEY" else word for word in words))
    assert (refused.status, refused.out) == (1, "")
    assert complaint in refused.err


def test_a_file_without_a_key_is_refused(copydesk: Copydesk, key_file: str) -> None:
    Path(key_file).write_text("a key of two words")
    refused = copydesk(*SHADOW, "--key-file", key_file)
    assert refused.status == 1
    assert "holds no key" in refused.err
