"""The page of a shadow reads no whole history: the plans of its statements, on both databases."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update

from moderation.model.ids import new_uuid
from moderation.model.jobs import Purpose
from moderation.model.labels import Label
from moderation.model.policy import Threshold
from moderation.runtime import Runtime
from moderation.services.shadow_reports import ShadowView, read_shadow
from moderation.services.shadows import Changed, start_shadow
from moderation.storage.classifications import classifications
from moderation.storage.shadows import shadows
from tests.factories import CLASSIFIER, NEXT
from tests.integration.test_query_plans import Desk, desk
from tests.plans import plans
from tests.shadows import publish_ahead

__all__ = ["desk"]

WHOLE = re.compile(
    r"^\s*SCAN (?:live|shadow|classifications|jobs|comments|decisions|audit_samples)\b"
    r"|Seq Scan on (?:classifications|jobs|comments|decisions|audit_samples)"
)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def score_all_by_the_next(runtime: Runtime) -> None:
    """Let another classifier have scored for a shadow whatever was decided."""
    by_next = {"classifier": NEXT, "judged_for": NEXT, "purpose": Purpose.SHADOW}
    with runtime.transaction() as connection:
        rows = connection.execute(select(classifications)).mappings().all()
        made = [{**row, **by_next, "id": new_uuid()} for row in rows]
        connection.execute(insert(classifications), made)


@pytest.mark.parametrize("classifier", [CLASSIFIER, NEXT])
def test_it_reads_no_table_from_end_to_end(desk: Desk, classifier: str) -> None:
    site_id = desk.sites[1]
    publish_ahead(desk.runtime, site_id, {Label.TOXICITY: Threshold(flag=0.7)})
    wanted = Changed("x", classifier, flags={Label.TOXICITY: 0.82})
    start_shadow(desk.runtime, None, site_id, wanted)
    with desk.runtime.transaction() as connection:
        connection.execute(update(shadows).values(started_at=LONG_AGO))
    if classifier == NEXT:
        score_all_by_the_next(desk.runtime)
    seen: list[ShadowView] = []

    def page(desk: Desk) -> None:
        seen.append(read_shadow(desk.runtime, desk.olga, site_id))

    found = plans(desk.runtime, page, desk)
    wrong = [(step, said) for said, steps in found.items() for step in steps if WHOLE.search(step)]
    assert wrong == []
    report = seen[0].report
    assert report is not None
    assert report.beside.comments == report.decided > 100
    assert report.beside.judged
    assert seen[0].shown
