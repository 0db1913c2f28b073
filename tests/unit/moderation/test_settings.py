"""Settings as operators write them."""

import pytest

from moderation.model.errors import NotConfigured
from moderation.settings import read_classifier_settings, read_settings


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("compact,detoxify:original@int8", ("compact", "detoxify:original@int8")),
        (" compact , detoxify:original,", ("compact", "detoxify:original")),
        ("", ()),
    ],
)
def test_the_members_of_an_ensemble_are_divided_by_commas(
    written: str, read: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_ENSEMBLE", written)
    assert read_classifier_settings().classifier_options().ensemble == read


@pytest.mark.parametrize(
    ("sender", "is_one"),
    [
        ("desk@example.org", True),
        ("Copydesk <desk@example.org>", True),
        ("agora.example <desk@example.org>", True),
        ('"Foo, Bar" <desk@example.org>', True),
        ("Foo, Bar <desk@example.org>", False),
        ("Foo: Bar <desk@example.org>", False),
        ("desk@[example.org", False),
        ("desk", False),
    ],
)
def test_mails_come_from_exactly_one_address(
    sender: str, monkeypatch: pytest.MonkeyPatch, *, is_one: bool
) -> None:
    monkeypatch.setenv("COPYDESK_SECRET_KEY", "x" * 32)
    monkeypatch.setenv("COPYDESK_MAIL_FROM", sender)
    if is_one:
        assert read_settings().mail_from == sender
    else:
        with pytest.raises(NotConfigured, match="COPYDESK_MAIL_FROM"):
            read_settings()
