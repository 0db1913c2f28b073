"""The simulator tells what policies stop of all that is bad, at a site whose truth is known."""

from collections.abc import Mapping

import pytest
from sqlalchemy import delete, update

from moderation.model.audits import SampleState
from moderation.model.corrected import Correction
from moderation.model.decisions import Action, Source
from moderation.model.labels import Label
from moderation.model.policy import FIRST_THRESHOLDS, Threshold
from moderation.runtime import Runtime
from moderation.services.simulation_figures import figures_of
from moderation.services.tuning import Draft, Look, try_draft
from moderation.storage.audit_samples import audit_samples
from moderation.storage.classifications import classifications
from moderation.storage.decisions import decisions
from tests.audited_site import TRUTH, Cell, fill
from tests.factories import Agora, classify_all, submit

LOWER: Mapping[Label, Threshold] = {**FIRST_THRESHOLDS, Label.INSULT: Threshold(0.5)}
HIGHER: Mapping[Label, Threshold] = {**FIRST_THRESHOLDS, Label.INSULT: Threshold(0.95)}


def correction(
    runtime: Runtime, agora: Agora, thresholds: Mapping[Label, Threshold] = LOWER
) -> Correction:
    look = Look(days=30, draft=Draft(thresholds, "", 1))
    found = try_draft(runtime, agora.olga, agora.site_id, look)
    assert found.corrected is not None
    assert found.corrected.comments == found.comments
    return found.corrected


def test_what_each_policy_stops_of_all_that_is_bad(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id)
    found = correction(runtime, agora)
    assert (found.comments, found.samples, found.looked_at) == (3_360, 312, 240)
    assert found.live is not None
    assert found.draft is not None
    assert found.live.stops.about == pytest.approx(120)
    assert found.live.misses.about == pytest.approx(60)
    assert found.draft.stops.about == pytest.approx(160)
    assert found.draft.misses.about == pytest.approx(20)
    live, draft = found.live.share, found.draft.share
    look = Look(days=30, draft=Draft(LOWER, "", 1))
    figures = figures_of(try_draft(runtime, agora.olga, agora.site_id, look))["corrected"]
    assert figures["in_force"]["stops"]["about"] == pytest.approx(120)
    assert figures["draft"]["share"]["about"] == pytest.approx(160 / 180)
    assert live is not None
    assert draft is not None
    assert live.low < 120 / 180 < live.high
    assert draft.low < 160 / 180 < draft.high
    higher = correction(runtime, agora, HIGHER)
    assert higher.draft is not None
    assert higher.draft.stops.about == 0.0
    assert higher.draft.misses.about == pytest.approx(180)


def test_few_samples_say_how_many_are_needed_still(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id, [Cell(0.1, 1_000, 40, 1), Cell(0.9, 100, 100, 50)])
    found = correction(runtime, agora)
    assert (found.live, found.samples, found.needed) == (None, 40, 10)


def test_what_nobody_has_looked_at_is_known_from_the_rest(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id, [*TRUTH[:2], Cell(0.9, 240, 120, 60)])
    found = correction(runtime, agora)
    assert found.looked_at == 120
    assert found.live is not None
    assert found.live.stops.about == pytest.approx(120)


def test_what_automation_rejected_and_nobody_saw_is_left_out(
    runtime: Runtime, agora: Agora
) -> None:
    fill(runtime, agora.site_id, [*TRUTH, Cell(0.99, 30, 0, 0)])
    with runtime.transaction() as connection:
        insult = decisions.c.classification_id == classifications.c.id
        high = decisions.select().with_only_columns(decisions.c.id)
        high = high.join(classifications, insult).where(classifications.c.insult > 0.95)
        values = {"action": Action.REJECT}
        statement = update(decisions).where(decisions.c.id.in_(high.scalar_subquery()))
        connection.execute(statement.values(**values))
    found = correction(runtime, agora)
    assert found.unknown == 30
    assert found.live is not None
    assert found.live.stops.about == pytest.approx(120)


def test_a_reader_s_report_of_an_approved_comment_counts_for_no_more_than_itself(
    runtime: Runtime, agora: Agora
) -> None:
    """What people rejected without being asked by chance tells nothing of the rest."""
    fill(runtime, agora.site_id)
    with runtime.transaction() as connection:
        # No sample any more, but their decision stands.
        missed = audit_samples.c.state == SampleState.MISSED
        connection.execute(delete(audit_samples).where(missed))
    found = correction(runtime, agora)
    assert found.live is not None
    assert found.live.misses.about == 0.0
    assert found.live.misses.high > 20


def test_imported_decisions_stand_for_themselves(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id)
    fill(
        runtime,
        agora.site_id,
        [Cell(0.1, 100, 100, 10), Cell(0.9, 50, 50, 40)],
        by_people_alone=True,
    )
    found = correction(runtime, agora)
    assert (found.comments, found.looked_at) == (3_510, 390)
    assert found.live is not None
    assert found.live.stops.about == pytest.approx(160)
    assert found.live.misses.about == pytest.approx(70)


def test_other_texts_and_other_sites_are_no_part_of_it(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id)
    submit(runtime, agora.other_site_id, "theirs")
    classify_all(runtime)
    with runtime.transaction() as connection:
        first = decisions.select().with_only_columns(decisions.c.comment_id)
        first = first.where(decisions.c.source == Source.MODERATOR).limit(1)
        chosen = connection.execute(first).scalar_one()
        # Its text was replaced since; what people said of the old one says nothing of the new one.
        of_it = classifications.c.comment_id == chosen
        connection.execute(update(classifications).where(of_it).values(revision=2))
    found = correction(runtime, agora)
    assert found.comments == 3_360
    assert found.samples + found.looked_at == 312 + 240 - 1
