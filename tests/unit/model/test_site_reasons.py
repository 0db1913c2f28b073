"""The reasons that a site rejects for, and the words that go with a decision."""

from dataclasses import replace

import pytest

from moderation.model.errors import InvalidInput
from moderation.model.labels import OF_CLASSIFIERS, Label
from moderation.model.site_reasons import DEFAULTS, MOST, check_reasons, coded, likely
from moderation.model.words_of_decisions import Words

OFFERED = tuple(
    replace(one, message="Please argue, do not insult.") if one.code == "insult" else one
    for one in DEFAULTS
)


def test_the_default_reasons_fill_the_digits_and_have_guidelines() -> None:
    check_reasons(DEFAULTS)
    assert [one.number for one in DEFAULTS] == list(range(1, MOST + 1))
    assert all(one.guideline for one in DEFAULTS)
    assert {label for one in DEFAULTS for label in one.labels} == set(OF_CLASSIFIERS)


@pytest.mark.parametrize(
    ("labels", "code"),
    [
        ([Label.THREAT, Label.INSULT], "threat"),
        ([Label.SEXUAL_EXPLICIT], "obscene"),
        ([], "other"),
    ],
)
def test_the_first_label_that_a_reason_stands_for_makes_it_likely(
    labels: list[Label], code: str
) -> None:
    assert likely(DEFAULTS, labels).code == code


def test_without_a_label_for_it_the_last_reason_is_likely() -> None:
    few = [replace(one, labels=()) for one in DEFAULTS[:3]]
    assert likely(few, [Label.THREAT]).code == "threat"
    assert likely(few[:2], [Label.THREAT]).code == "hate"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": " "}, "title: write one"),
        ({"title": "x" * 81}, "title: at most 80 characters"),
        ({"guideline": "x" * 501}, "guideline: at most 500 characters"),
        ({"message": "x" * 1001}, "message: at most 1000 characters"),
        ({"code": "Hate"}, "code: small letters"),
        ({"code": "1st"}, "code: small letters"),
        ({"code": "x" * 41}, "code: small letters"),
        ({"code": "spam"}, "code: another reason has it"),
        ({"number": 10}, "number: from 1 to 9"),
    ],
)
def test_a_reason_that_cannot_be_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_reasons([replace(DEFAULTS[0], **change), DEFAULTS[4]])  # type: ignore[arg-type]
    assert said in " ".join(wrong.detail for wrong in refused.value.errors)


def test_a_site_keeps_at_least_one_reason() -> None:
    with pytest.raises(InvalidInput):
        check_reasons([])


def test_a_decision_says_code_title_and_note() -> None:
    reason = Words(reason="insult", note="twice today").reason_among(OFFERED)
    assert (reason.code, reason.title) == ("insult", "Insult or personal attack")
    assert reason.detail == "Insult or personal attack: twice today"
    assert Words(reason="insult").reason_among(OFFERED).detail == "Insult or personal attack"
    assert Words(note="fine").reason_among(OFFERED).code is None


def test_an_unknown_reason_is_refused() -> None:
    with pytest.raises(InvalidInput):
        coded(OFFERED, "because")


TEMPLATE = "Please argue, do not insult."


@pytest.mark.parametrize(
    ("chosen", "filled_in_for", "typed", "sent"),
    [
        ("insult", "insult", TEMPLATE, TEMPLATE),
        ("insult", "insult", "My own words.", "My own words."),
        ("insult", "insult", None, None),
        ("spam", "insult", TEMPLATE, None),
        ("spam", "insult", "My own words.", "My own words."),
        ("insult", "spam", None, TEMPLATE),
        ("insult", "spam", "My own words.", "My own words."),
        ("spam", None, "My own words.", "My own words."),
        (None, None, "My own words.", "My own words."),
    ],
)
def test_a_message_that_nobody_touched_gives_way_to_that_of_the_chosen_reason(
    chosen: str | None, filled_in_for: str | None, typed: str | None, sent: str | None
) -> None:
    said = Words(reason=chosen, message=typed, filled_in_for=filled_in_for)
    assert said.message_among(OFFERED) == sent
