"""Shadows begin, end and become policies; and whatever they do, they decide nothing."""

from typing import Any

import pytest
from sqlalchemy import select

from moderation.model.errors import Conflict, Forbidden, InvalidInput, NotFound
from moderation.model.ids import ShadowId, SiteId, new_uuid
from moderation.model.jobs import JobState
from moderation.model.labels import Label
from moderation.model.policy import FIRST_THRESHOLDS, Policy, Threshold
from moderation.runtime import Runtime
from moderation.services.classifier_versions import saw_classifier
from moderation.services.publishing import history_of
from moderation.services.shadow_reports import read_shadow
from moderation.services.shadows import Changed, promote_shadow, start_shadow, stop_shadow
from moderation.services.tuning import Draft
from moderation.storage.audit import audit
from moderation.storage.comments import comments
from moderation.storage.decisions import decisions
from moderation.storage.events import events
from moderation.storage.reviews import reviews
from tests.factories import CIVIL, CLASSIFIER, HOSTILE, NEXT, Agora, submit
from tests.shadows import (
    INSULTING,
    LOWER,
    decide_live,
    publish_ahead,
    see_both,
    shadow_jobs,
    shadow_of_a_draft,
    shadow_of_the_next,
)

NO_LINE = Threshold()


def policies(runtime: Runtime, agora: Agora) -> list[Policy]:
    with runtime.reading() as connection:
        return [one.policy for one in history_of(connection, agora.site_id)]


def noted(runtime: Runtime) -> list[tuple[str, Any]]:
    with runtime.reading() as connection:
        statement = select(audit.c.action, audit.c.data).order_by(audit.c.id)
        return [
            tuple(row) for row in connection.execute(statement) if row.action.startswith("shadow")
        ]


def test_what_is_started_is_the_policy_in_force_with_other_lines(
    runtime: Runtime, agora: Agora
) -> None:
    shadow = shadow_of_a_draft(runtime, agora)
    in_force = policies(runtime, agora)[0]
    changed = {**in_force.thresholds, Label.INSULT: Threshold(flag=0.5)}
    assert shadow.policy == Policy(CLASSIFIER, changed, version=1)
    assert (shadow.started_by, shadow.reason) == ("Olga", "Too many insults.")
    assert noted(runtime) == [("shadow-start", {"classifier": CLASSIFIER})]
    assert policies(runtime, agora) == [in_force], "nothing was published"


def test_a_site_has_one_at_a_time_and_each_site_its_own(runtime: Runtime, agora: Agora) -> None:
    first = shadow_of_a_draft(runtime, agora)
    with pytest.raises(Conflict, match="runs at this site already"):
        shadow_of_a_draft(runtime, agora, {Label.INSULT: 0.4})
    start_shadow(runtime, None, agora.other_site_id, Changed("By a command.", flags=LOWER))
    stop_shadow(runtime, agora.olga, agora.site_id, first.id)
    second = shadow_of_a_draft(runtime, agora, {Label.INSULT: 0.4})
    with pytest.raises(Conflict, match="ended that shadow meanwhile"):
        stop_shadow(runtime, agora.olga, agora.site_id, first.id)
    view = read_shadow(runtime, agora.olga, agora.site_id)
    assert view.report is not None
    assert view.report.shadow.id == second.id
    assert [(one.id, one.ended_by, one.promoted) for one in view.past] == [(first.id, "Olga", None)]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Changed("The same."), "nothing to compare"),
        (Draft({**FIRST_THRESHOLDS, Label.SEXUAL_EXPLICIT: NO_LINE}, "x", 1), "nothing to compare"),
        (Changed(" ", flags=LOWER), "why you change them"),
        (Changed("x", flags={Label.INSULT: 1.5}), "insult: a threshold lies above 0"),
        (Changed("x", flags={Label.SEXUAL_EXPLICIT: 0.5}), "no score for sexual_explicit"),
        (Changed("x", classifier=NEXT, flags=LOWER), f"No thresholds for {NEXT}"),
        (Draft({Label.SEXUAL_EXPLICIT: Threshold(flag=0.5)}, "x", 1), "no score"),
    ],
)
def test_what_could_compare_nothing_is_refused(
    runtime: Runtime, agora: Agora, wanted: Changed | Draft, why: str
) -> None:
    see_both(runtime)
    with pytest.raises(InvalidInput, match=why):
        start_shadow(runtime, agora.olga, agora.site_id, wanted)
    assert noted(runtime) == []


def test_only_operators_of_the_site_have_to_do_with_it(runtime: Runtime, agora: Agora) -> None:
    shadow = shadow_of_a_draft(runtime, agora)
    for user, refused in ((agora.alice, Forbidden), (agora.mallory, NotFound)):
        with pytest.raises(refused):
            read_shadow(runtime, user, agora.site_id)
        with pytest.raises(refused):
            stop_shadow(runtime, user, agora.site_id, shadow.id)
        with pytest.raises(refused):
            promote_shadow(runtime, user, agora.site_id, "mine")
        with pytest.raises(refused):
            start_shadow(runtime, user, agora.site_id, Changed("mine", flags=LOWER))


def test_promoting_publishes_its_policy_as_the_next_version_and_ends_it(
    runtime: Runtime, agora: Agora
) -> None:
    shadow = shadow_of_a_draft(runtime, agora)
    promoted = promote_shadow(runtime, agora.olga, agora.site_id, "It finds more.", seen=1)
    assert promoted.decides
    newest = policies(runtime, agora)[0]
    assert (newest.version, newest.thresholds) == (2, shadow.policy.thresholds)
    view = read_shadow(runtime, agora.olga, agora.site_id)
    assert view.report is None
    assert [one.promoted for one in view.past] == [2]
    assert noted(runtime)[1:] == [("shadow-promote", {"classifier": CLASSIFIER, "version": 2})]
    with pytest.raises(NotFound, match="No shadow runs"):
        promote_shadow(runtime, agora.olga, agora.site_id, "Twice.")


def test_who_has_not_seen_what_was_published_meanwhile_promotes_nothing(
    runtime: Runtime, agora: Agora
) -> None:
    see_both(runtime)
    shadow_of_a_draft(runtime, agora)
    publish_ahead(runtime, agora.site_id)
    with pytest.raises(Conflict, match="version 2 meanwhile"):
        promote_shadow(runtime, agora.olga, agora.site_id, "It finds more.", seen=1)
    with pytest.raises(InvalidInput, match="why you change them"):
        promote_shadow(runtime, agora.olga, agora.site_id, "", seen=2)
    with pytest.raises(Conflict, match="ended that shadow meanwhile"):
        promote_shadow(runtime, agora.olga, agora.site_id, "Which?", shadow_id=ShadowId(new_uuid()))
    assert read_shadow(runtime, agora.olga, agora.site_id).report is not None
    promote_shadow(runtime, None, agora.site_id, "By a command.")
    assert [one.version for one in policies(runtime, agora)] == [3, 2, 1]


def test_promoting_another_classifier_puts_its_policy_in_force_for_it_alone(
    runtime: Runtime, agora: Agora
) -> None:
    shadow_of_the_next(runtime, agora)
    promoted = promote_shadow(runtime, agora.olga, agora.site_id, "Better.")
    assert not promoted.decides
    assert [(one.classifier, one.version) for one in policies(runtime, agora)] == [
        (NEXT, 3),
        (NEXT, 2),
        (CLASSIFIER, 1),
    ]


def test_ending_it_calls_off_what_waits_for_it(runtime: Runtime, agora: Agora) -> None:
    shadow_of_the_next(runtime, agora)
    waiting = submit(runtime, agora.site_id).comment_id
    decide_live(runtime)
    assert shadow_jobs(runtime) == [waiting]
    stop_shadow(runtime, agora.olga, agora.site_id)
    assert shadow_jobs(runtime) == []
    assert shadow_jobs(runtime, JobState.CANCELLED) == [waiting]
    submit(runtime, agora.site_id, "c2")
    decide_live(runtime)
    assert shadow_jobs(runtime) == []


def test_where_the_next_one_decides_it_judges_its_stored_scores(
    runtime: Runtime, agora: Agora
) -> None:
    shadow_of_the_next(runtime, agora, {Label.INSULT: Threshold(flag=0.4)})
    publish_ahead(runtime, agora.site_id, INSULTING)
    saw_classifier(runtime, NEXT, list(CIVIL))
    submit(runtime, agora.site_id)
    decide_live(runtime, CIVIL | {Label.INSULT: 0.45}, NEXT)
    assert shadow_jobs(runtime) == []
    report = read_shadow(runtime, agora.olga, agora.site_id).report
    assert report is not None
    assert report.jobs is None
    assert (report.beside.live.flagged, report.beside.shadow.flagged) == (0, 1)


@pytest.mark.parametrize("start", [shadow_of_a_draft, shadow_of_the_next])
def test_no_decision_status_review_or_event_is_another_for_it(
    runtime: Runtime,
    agora: Agora,
    start: Any,  # noqa: ANN401 - one of two functions
) -> None:
    see_both(runtime)
    start(runtime, agora)
    some = {"civil": CIVIL, "in between": CIVIL | {Label.INSULT: 0.6}, "hostile": HOSTILE}
    for name, scores in some.items():
        for site_id in (agora.site_id, agora.other_site_id):
            submit(runtime, site_id, name, text=name)
        decide_live(runtime, scores)
    with_one, without = (said_of(runtime, site) for site in (agora.site_id, agora.other_site_id))
    assert with_one == without
    assert [one[1] for one in without["comments"]] == ["approved", "flagged", "approved"]


def said_of(runtime: Runtime, site_id: SiteId) -> dict[str, list[Any]]:
    """Return all that people and sites learn of a site's comments."""
    c, d, r, e = comments.c, decisions.c, reviews.c, events.c
    told = {
        "comments": select(c.external_id, c.status, c.sequence),
        "decisions": select(c.external_id, d.action, d.source, d.reasons, d.policy_version),
        "reviews": select(c.external_id, r.risk, r.state),
        "events": select(c.external_id, e.display, e.sequence),
    }
    with runtime.reading() as connection:
        found = {}
        for name, statement in told.items():
            for table in (decisions, reviews, events):
                if name == table.name:
                    statement = statement.join_from(comments, table, table.c.comment_id == c.id)  # noqa: PLW2901
            rows = connection.execute(statement.where(c.site_id == site_id).order_by(c.external_id))
            found[name] = [tuple(row) for row in rows]
        return found
