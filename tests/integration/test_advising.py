"""Advice: thresholds that do what was wished for, at a site whose truth is known."""

import re

import pytest
from sqlalchemy import update

from moderation.model.advice import Wish, WishKind
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label
from moderation.model.policy import Policy, Threshold
from moderation.runtime import Runtime
from moderation.services.advising import Advice, advise
from moderation.services.audit_sampling import change_audit
from moderation.services.publishing import history_of
from moderation.storage import sites
from moderation.storage.classifications import classifications
from tests.audited_site import TRUTH, Cell, fill
from tests.evidence import write_policy
from tests.factories import CIVIL, CLASSIFIER, Agora
from tests.integration.test_policies_by_version import publish

LENGTH = 26
"""Days from the first comment of the site to its last."""


def asked(runtime: Runtime, agora: Agora, kind: WishKind, amount: float) -> Advice:
    return advise(runtime, agora.site_id, Wish(kind, amount))


def insult(found: Advice) -> float:
    line = found.policy.thresholds[Label.INSULT].flag
    assert line is not None
    return line


def refused(runtime: Runtime, agora: Agora, kind: WishKind, amount: float) -> str:
    with pytest.raises(InvalidInput) as error:
        asked(runtime, agora, kind, amount)
    return str(error.value)


def test_as_much_is_flagged_as_was_wished_for_and_no_more(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id)
    found = asked(runtime, agora, WishKind.FLAGS, 25)
    assert found.flags_a_day == pytest.approx((240 + 320) / LENGTH, rel=0.01)
    assert 0.1 < insult(found) <= 0.6
    assert (found.comments, found.policy.classifier) == (3_360, CLASSIFIER)
    assert found.reason == "Advised for at most 25 flags a day, on 3,360 comments."
    assert found.usual is not None
    assert found.usual[0] < found.flags_a_day < found.usual[1]
    fewer = asked(runtime, agora, WishKind.FLAGS, 10)
    assert fewer.flags_a_day == pytest.approx(240 / LENGTH, rel=0.01)
    assert 0.6 < insult(fewer) <= 0.9
    with runtime.reading() as connection:
        assert len(history_of(connection, agora.site_id)) == 1, "nothing is published"


def test_hours_go_by_the_pace_of_the_people_here(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id)
    # A guess of 20 seconds for a comment: 18 in a tenth of an hour.
    found = asked(runtime, agora, WishKind.HOURS, 0.1)
    assert found.flags_a_day == pytest.approx(240 / LENGTH, rel=0.01)
    assert found.hours_a_day == pytest.approx(found.flags_a_day * 20 / 3600)
    assert not found.pace.is_measured


def test_what_no_threshold_can_do_is_said(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id, [Cell(0.1, 900, 90, 1)])
    assert "There are 900 comments in this time; advice is given on 1,000 and more." in refused(
        runtime, agora, WishKind.FLAGS, 5
    )
    fill(runtime, agora.site_id, TRUTH[1:])
    assert "People could read everything" in refused(runtime, agora, WishKind.FLAGS, 500)
    with runtime.transaction() as connection:
        high = classifications.c.insult > 0.8
        values = {"supported": False, "highest": 1.0}
        connection.execute(update(classifications).where(high).values(**values))
    assert "9 comments a day wait for other reasons than their scores" in refused(
        runtime, agora, WishKind.FLAGS, 5
    )


def test_lines_that_reject_stay_and_a_site_without_lines_gets_none(
    runtime: Runtime, agora: Agora
) -> None:
    fill(runtime, agora.site_id)
    scored = {label: Threshold() for label in CIVIL}
    rejecting = Policy(CLASSIFIER, scored | {Label.INSULT: Threshold(0.8, 0.85)})
    write_policy(runtime, agora.site_id, rejecting)
    found = asked(runtime, agora, WishKind.FLAGS, 15)
    assert found.policy.thresholds[Label.INSULT].reject == 0.85
    assert found.flags_a_day == pytest.approx(320 / LENGTH, rel=0.01), "the others are rejected"
    publish(runtime, agora, Policy(CLASSIFIER, scored))
    assert "No label flags" in refused(runtime, agora, WishKind.FLAGS, 15)


def test_the_most_lenient_lines_are_found_for_which_it_is_shown(
    runtime: Runtime, agora: Agora
) -> None:
    """Of 20 bad ones below 0.6 two were seen, so there may be 69; 100 and more are stopped."""
    fill(runtime, agora.site_id)
    found = asked(runtime, agora, WishKind.MISSES, 0.5)
    assert 0.5 < insult(found) <= 0.6
    rests = found.promise
    assert rests is not None
    assert (rests.samples, rests.missed, rests.rejected) == (312, 6, 120)
    assert (rests.alone, rests.unjudged) == (0, 0)
    assert rests.weeks in {4, 5}
    assert found.reason == (
        "Advised for at most 50 % missed of what moderators would reject, on 3,360 comments."
    )
    strict = asked(runtime, agora, WishKind.MISSES, 0.3)
    assert insult(strict) < 0.2
    assert strict.flags_a_day == pytest.approx(3_360 / LENGTH, rel=0.01)


def test_what_cannot_be_shown_says_how_many_samples_are_needed(
    runtime: Runtime, agora: Agora
) -> None:
    fill(runtime, agora.site_id)
    said = refused(runtime, agora, WishKind.MISSES, 0.1)
    needed = re.search(r"312 samples of the audit were judged, and about ([\d,]+) more", said)
    assert needed is not None
    assert 200 < int(needed[1].replace(",", "")) < 400


def test_where_moderators_rejected_nothing_nothing_is_promised(
    runtime: Runtime, agora: Agora
) -> None:
    fill(runtime, agora.site_id, [Cell(0.1, 1_200, 120, 0)])
    assert "moderators have rejected nothing" in refused(runtime, agora, WishKind.MISSES, 0.5)


def test_what_nobody_has_judged_counts_as_missed_where_it_would_be_approved(
    runtime: Runtime, agora: Agora
) -> None:
    every = [*TRUTH[:2], Cell(0.9, 240, 240, 120), Cell(0.85, 200, 0, 0)]
    fill(runtime, agora.site_id, every)
    found = asked(runtime, agora, WishKind.MISSES, 0.6)
    assert found.promise is not None
    assert found.promise.unjudged == 200
    assert insult(found) <= 0.85


def test_a_week_in_which_the_audit_was_changed_is_left_out(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id)
    before = asked(runtime, agora, WishKind.MISSES, 0.6).promise
    change_audit(runtime, "agora", 0.05)
    after = asked(runtime, agora, WishKind.MISSES, 0.7).promise
    assert before is not None
    assert after is not None
    assert after.samples < before.samples or after.weeks == before.weeks
    assert after.weeks in {before.weeks, before.weeks - 1}


def test_so_is_the_first_week_of_the_audit_at_an_older_site(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id)
    before = asked(runtime, agora, WishKind.MISSES, 0.6).promise
    with runtime.transaction() as connection:
        long_ago = runtime.clock.now().replace(year=2020)
        sites.change(connection, agora.site_id, created_at=long_ago)
    after = asked(runtime, agora, WishKind.MISSES, 0.7).promise
    assert before is not None
    assert after is not None
    assert after.weeks == before.weeks - 1
    assert after.samples < before.samples
    assert after.rejected < before.rejected


def test_imported_decisions_count_and_are_named(runtime: Runtime, agora: Agora) -> None:
    imported = [Cell(0.1, 1_500, 1_500, 10), Cell(0.9, 300, 300, 200)]
    fill(runtime, agora.site_id, imported, by_people_alone=True)
    found = asked(runtime, agora, WishKind.MISSES, 0.2)
    assert 0.8 < insult(found) <= 0.9
    rests = found.promise
    assert rests is not None
    assert (rests.weeks, rests.samples, rests.rejected, rests.alone) == (0, 0, 210, 210)
    said = refused(runtime, agora, WishKind.MISSES, 0.01)
    assert "210 rejected comments are known, and about" in said
