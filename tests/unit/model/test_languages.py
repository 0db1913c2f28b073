"""Languages by their codes and names."""

import pytest

from moderation.model.errors import InvalidInput
from moderation.model.languages import check_languages, name_of, names_of, primary


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("ZH-Hant-TW", "zh"),
        ("nb", "no"),
        ("fil-PH", "tl"),
        ("tlh", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_stands_for_one_of_our_languages(tag: str | None, code: str | None) -> None:
    assert primary(tag) == code


def test_a_site_s_languages_keep_their_order_and_come_once() -> None:
    assert check_languages(["fr", "en-GB", "fr-CA"]) == ("fr", "en")


@pytest.mark.parametrize("tags", [[], ["english"], ["en", "tlh"], [""]])
def test_languages_that_nobody_can_tell_are_refused(tags: list[str]) -> None:
    with pytest.raises(InvalidInput):
        check_languages(tags)


def test_languages_have_names() -> None:
    assert name_of("es") == "Spanish"
    assert name_of("und") == "not one that we can name"
    assert names_of(["en"]) == "English"
    assert names_of(["en", "fr", "es"]) == "English, French and Spanish"
