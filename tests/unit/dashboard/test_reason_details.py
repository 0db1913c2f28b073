"""What reasons say in sentences of ours is said in the language of the page."""

from collections.abc import Iterator

import pytest
from flask import Flask, g

from api.dashboard.words import language, why
from moderation.model.classification import Facts
from moderation.model.decisions import Reason, ReasonKind
from moderation.model.labels import Label
from moderation.model.languages import NAMES, name_of
from moderation.model.policy import Policy, Threshold
from moderation.model.reports import ReportReason
from moderation.model.verdicts import decide
from moderation.services.listed_words import UNREADABLE

POLICY = Policy("a@1", {Label.INSULT: Threshold(flag=0.8)})


@pytest.fixture
def german() -> Iterator[None]:
    with Flask(__name__).test_request_context():
        g.language = "de"
        yield


def doubt(facts: Facts) -> Reason:
    [reason] = decide(facts, POLICY).reasons
    return reason


def foreign(code: str) -> Reason:
    return doubt(Facts(classifier="a@1", language=code, supported=False))


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (foreign("es"), "Sprache nicht unterstützt: Spanisch; "),
        (foreign("und"), "Sprache nicht unterstützt: keine, die wir benennen können; "),
        (doubt(Facts(classifier="a@1", readable=False)), "kann das nicht alles lesen; "),
        (doubt(Facts(classifier="b@2")), "bewertet von b@2, die Schwellen gelten für a@1"),
        (doubt(Facts(classifier="a@1", failure=UNREADABLE)), "Wortlisten"),
        (Reason(ReasonKind.REPORT, detail=ReportReason.SELF_HARM), "gemeldet: Selbst"),
        (Reason(ReasonKind.LENGTH, detail="12345"), "12.345 Zeichen"),
        (Reason(ReasonKind.MODERATOR, detail="undone before it was classified"), "rückgängig"),
    ],
)
def test_a_detail_of_ours_is_in_the_language_of_the_page(reason: Reason, said: str) -> None:
    assert said in why(reason)


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    "failure",
    [
        "the classifier failed 1234 times on this comment",
        "the classifier was away for too long",
        "there are no words in its HTML",
    ],
)
def test_so_is_what_the_workers_say(failure: str) -> None:
    said = why(doubt(Facts(classifier="a@1", failure=failure)))
    assert failure not in said
    assert ("1.234" in said) == ("1234" in failure)


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    "reason",
    [
        Reason(ReasonKind.MODERATOR, detail="language not supported: Spanish"),
        Reason(ReasonKind.MODERATOR, detail="undone before it was classified, by me"),
        Reason(ReasonKind.MODERATOR, detail="undone before it was classified", code="other"),
        Reason(ReasonKind.FAILURE, detail="something of an older version"),
    ],
)
def test_what_a_person_wrote_stays_and_what_nobody_knows(reason: Reason) -> None:
    assert (reason.detail or "") in why(reason)


@pytest.mark.parametrize("code", [*NAMES, "und", "xx"])
def test_languages_are_called_as_ever_in_english(code: str) -> None:
    assert language(code) == name_of(code)
    assert name_of(code) in why(foreign(code))


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("code", NAMES)
def test_every_language_has_a_name_in_german(code: str) -> None:
    assert language(code) == language(code).capitalize()
    assert f": {language(code)}; " in why(foreign(code))


@pytest.mark.usefixtures("german")
def test_a_language_that_nobody_knows_goes_by_its_code() -> None:
    assert language("xx") == "xx"
