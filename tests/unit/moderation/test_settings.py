"""Settings as operators write them."""

import pytest

from moderation.settings import read_classifier_settings


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
