"""`copydesk reasons`, as an operator types it."""

import pytest

from moderation.model.labels import Label
from moderation.model.site_reasons import DEFAULTS
from moderation.runtime import Runtime
from moderation.services.site_reasons import reasons_of
from tests.commands import Copydesk
from tests.factories import Agora, make_agora


@pytest.fixture
def agora(cli_runtime: Runtime) -> Agora:
    return make_agora(cli_runtime)


def test_reasons_are_listed_changed_added_and_removed(
    copydesk: Copydesk, cli_runtime: Runtime, agora: Agora
) -> None:
    assert "off-topic" in copydesk("reasons", "list", "agora").out
    words = ("--title", "Werbung", "--message", "Bitte keine Werbung.", "--label", "obscene")
    assert (
        "Reason 5 of site agora: Werbung (spam)."
        in copydesk("reasons", "set", "agora", "5", *words).out
    )
    copydesk("reasons", "remove", "agora", "9")
    copydesk("reasons", "remove", "agora", "8")
    copydesk("reasons", "set", "agora", "8", "--code", "doxxing", "--title", "Doxxing")
    saved = reasons_of(cli_runtime, agora.site_id)
    assert [one.number for one in saved] == list(range(1, 9))
    spam, doxxing = saved[4], saved[7]
    assert (spam.title, spam.message, spam.labels) == (
        "Werbung",
        "Bitte keine Werbung.",
        (Label.OBSCENE,),
    )
    assert spam.guideline == DEFAULTS[4].guideline
    assert (doxxing.number, doxxing.code) == (8, "doxxing")


@pytest.mark.usefixtures("agora")
def test_what_cannot_be_is_refused_with_its_reason(copydesk: Copydesk) -> None:
    refused = copydesk("reasons", "set", "agora", "1", "--code", "spam")
    assert refused.status == 1
    assert "code: another reason has it" in refused.err
    assert "Nothing was given" in copydesk("reasons", "set", "agora", "1").err
    assert "no site named nowhere" in copydesk("reasons", "list", "nowhere").err
