"""What readers and authors wrote is kept no longer than it is needed."""

from datetime import timedelta

import pytest

from moderation.model.decisions import Action
from moderation.model.reports import Notice
from moderation.runtime import Runtime
from moderation.services.complaint_rules import change_rules
from moderation.services.retention import (
    COMPLAINTS_KEPT,
    CONTACTS_KEPT,
    UNDECIDED_KEPT,
    forget_complaints,
)
from tests.complaining import appealed, approved_comment, decide, let_sign_in, reported
from tests.factories import Agora, FakeClock

A_LITTLE = timedelta(minutes=5)


pytestmark = pytest.mark.usefixtures("time_is_held")


def kept(runtime: Runtime) -> tuple[str | None, str | None]:
    """Return words and contact of the one report."""
    with runtime.reading() as connection:
        row = connection.exec_driver_sql("SELECT words, contact FROM reports").one()
    return row.words, row.contact


def appeal_words(runtime: Runtime) -> str | None:
    with runtime.reading() as connection:
        found = connection.exec_driver_sql("SELECT words FROM appeals").scalar_one()
    return None if found is None else str(found)


def test_a_contact_goes_with_the_decision_and_the_words_much_later(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id, words="words", notice=Notice("contact"))
    assert forget_complaints(runtime) == 0
    decide(runtime, agora.alice, comment_id, Action.APPROVE)
    assert forget_complaints(runtime) == 0, "the decision may still be undone"
    clock.moment += A_LITTLE
    assert forget_complaints(runtime) == 1
    assert kept(runtime) == ("words", None)
    clock.moment += COMPLAINTS_KEPT - 2 * A_LITTLE
    assert forget_complaints(runtime) == 0
    clock.moment += 2 * A_LITTLE
    assert forget_complaints(runtime) == 1
    assert kept(runtime) == (None, None)


def test_a_contact_goes_in_time_where_nobody_decides(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id, words="words", notice=Notice("contact"))
    clock.moment += CONTACTS_KEPT + A_LITTLE
    assert forget_complaints(runtime) == 1
    assert kept(runtime) == ("words", None)


def test_words_on_which_nobody_ever_decides_go_after_a_year(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    change_rules(runtime, "agora", review_from=2)
    comment_id = approved_comment(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id, words="words")
    rejected = approved_comment(runtime, agora.site_id, "rejected")
    decide(runtime, agora.alice, rejected, Action.REJECT)
    appealed(runtime, agora.site_id, rejected, "It was irony.")
    clock.moment += UNDECIDED_KEPT - A_LITTLE
    assert forget_complaints(runtime) == 0
    clock.moment += 2 * A_LITTLE
    assert forget_complaints(runtime) == 2
    assert kept(runtime) == (None, None)
    assert appeal_words(runtime) is None


def test_the_words_of_an_appeal_go_half_a_year_after_its_answer(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    let_sign_in(runtime, agora.olga)
    comment_id = approved_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.REJECT)
    appealed(runtime, agora.site_id, comment_id, "It was irony.")
    clock.moment += COMPLAINTS_KEPT + A_LITTLE
    assert forget_complaints(runtime) == 0
    decide(runtime, agora.olga, comment_id, Action.REJECT)
    clock.moment += COMPLAINTS_KEPT - A_LITTLE
    assert forget_complaints(runtime) == 0
    assert appeal_words(runtime) == "It was irony."
    clock.moment += 2 * A_LITTLE
    assert forget_complaints(runtime) == 1
    assert appeal_words(runtime) is None
