"""What the audit corrects, and advice, read no whole big table, on either database."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import update

from moderation.model.advice import Wish, WishKind
from moderation.model.audits import SampleState
from moderation.model.errors import InvalidInput
from moderation.model.rates import Span
from moderation.services.advising import advise
from moderation.services.tuning import Look, read_tuning
from moderation.storage import said_by_people
from moderation.storage.audit_samples import audit_samples
from moderation.storage.simulation import Replayed
from tests.factories import CLASSIFIER
from tests.integration.test_query_plans import Desk, audited, desk, scans

__all__ = ["desk"]


def advised(desk: Desk) -> None:
    found = read_tuning(desk.runtime, desk.olga, desk.sites[0], Look(days=0)).simulation
    assert found.corrected is not None
    assert found.corrected.samples
    advise(desk.runtime, desk.sites[0], Wish(WishKind.FLAGS, 5), Look(days=0))
    # How many are rejected there does not matter: all has been read by then.
    with suppress(InvalidInput):
        advise(desk.runtime, desk.sites[0], Wish(WishKind.MISSES, 0.5), Look(days=0))
    with desk.runtime.reading() as connection:
        now = desk.runtime.database_now(connection)
        spans = [Span(now - timedelta(days=14 * n), now - timedelta(days=7 * n)) for n in (1, 2)]
        said_by_people.rejectable_one_by_one(connection, Replayed(desk.sites[0], CLASSIFIER), spans)


def test_no_whole_big_table_is_read_for_advice(desk: Desk) -> None:
    audited(desk)
    with desk.runtime.transaction() as connection:
        connection.execute(update(audit_samples).values(state=SampleState.KEPT))
    assert scans(desk.runtime, advised, desk) == []
