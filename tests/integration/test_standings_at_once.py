"""Setting a standing and recording decisions at the same moment: one is before the other."""

from typing import Any

import pytest

from moderation.model.comments import Author, Status
from moderation.model.standings import Standing, StandingChange
from moderation.runtime import Runtime
from moderation.services.reading import get_comment
from tests.factories import Agora, classify_all, submit
from tests.meanwhile import meanwhile
from tests.standings import TROLL, decided, give


@pytest.fixture
def submitted(runtime: Runtime, agora: Agora) -> Any:  # noqa: ANN401 - an id
    return submit(runtime, agora.site_id, author=Author(id=TROLL.id)).comment_id


def test_a_ban_waits_for_what_is_decided_without_it(
    runtime: Runtime,
    agora: Agora,
    submitted: Any,  # noqa: ANN401 - an id
) -> None:
    def act() -> StandingChange:
        return give(runtime, agora, Standing.BANNED)

    with meanwhile(runtime, "INSERT INTO decisions", act) as acted:
        classify_all(runtime)
        ban: StandingChange = acted()
    view = get_comment(runtime, agora.site_id, submitted)
    assert view.decision is not None
    assert view.comment.status is Status.APPROVED
    assert view.decision.decided_at <= ban.set_at
    assert decided(runtime, agora.site_id, "next").comment.status is Status.REJECTED


def test_what_is_decided_waits_for_a_ban_and_obeys_it(
    runtime: Runtime,
    agora: Agora,
    submitted: Any,  # noqa: ANN401 - an id
) -> None:
    with meanwhile(runtime, "INSERT INTO standings", lambda: classify_all(runtime)) as acted:
        give(runtime, agora, Standing.BANNED)
        assert acted() == 1
    view = get_comment(runtime, agora.site_id, submitted)
    assert view.comment.status is Status.REJECTED


def test_two_who_set_the_same_at_once_leave_one_that_stands(runtime: Runtime, agora: Agora) -> None:
    def act() -> StandingChange:
        return give(runtime, agora, Standing.TRUSTED)

    with meanwhile(runtime, "INSERT INTO standings", act) as acted:
        give(runtime, agora, Standing.BANNED)
        last: StandingChange = acted()
    assert (last.standing, last.replaced_at) == (Standing.TRUSTED, None)
    assert last.replaces is not None
