"""Moments, reasons and charts in words and numbers."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from api.dashboard import bulk_words
from api.dashboard.histogram import HEIGHT, WIDTH, chart
from api.dashboard.moments import ago, ahead, exact, left
from api.dashboard.standing_words import DO_NO_LONGER, KINDS, STANDINGS
from api.dashboard.tuning_words import OTHER_LANGUAGES
from api.dashboard.words import (
    DISPLAYS,
    DONE,
    LABELS,
    SET_ASIDE,
    SOURCES,
    STATUSES,
    UNDONE,
    likely_reason,
    strongest_first,
    unreadable,
    why,
)
from moderation.model.acts import ActKind
from moderation.model.bulks import Bulk, BulkAction, BulkState, Means
from moderation.model.comments import Display, Status
from moderation.model.decisions import Action, Reason, ReasonKind, Source
from moderation.model.ids import BulkId, SiteId, UserId, new_uuid
from moderation.model.labels import Label
from moderation.model.policy import OtherLanguages, Threshold
from moderation.model.site_reasons import DEFAULTS
from moderation.model.standings import Standing, SubjectKind
from moderation.services.bulks import LEFT
from moderation.services.simulating import Histogram

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-30, "just now"),
        (0, "just now"),
        (42, "42 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (7200, "2 h ago"),
        (86400, "yesterday"),
        (86400 * 9, "9 days ago"),
        (-86400, "2026-11-03 09:00:00 UTC"),
    ],
)
def test_a_moment_is_said_as_a_person_would(seconds: int, said: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(-5, ""), (0, ""), (20, "in 20 s"), (90, "in 1 min"), (86400, "in 1 day")]
)
def test_a_moment_to_come_is_said_until_it_is_over(seconds: int, said: str) -> None:
    assert ahead(NOW + timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (86400 - 3, "24 h"),
        (7 * 86400 - 3, "7 days"),
        (2 * 86400, "2 days"),
        (3599, "60 min"),
        (5, "1 min"),
    ],
)
def test_what_was_set_for_a_day_just_now_has_a_day_left(seconds: int, said: str) -> None:
    assert left(NOW + timedelta(seconds=seconds), NOW) == said


def test_an_exact_moment_is_in_utc() -> None:
    berlin = timezone(timedelta(hours=1))
    assert exact(NOW.astimezone(berlin)) == "2026-11-02 09:00:00 UTC"


def test_there_is_a_word_for_everything_the_model_names() -> None:
    assert set(LABELS) == set(Label)
    assert set(STATUSES) == set(Status)
    assert set(DISPLAYS) == set(Display)
    assert set(DONE) == set(Action)
    assert set(SOURCES) == set(Source)
    elsewhere = {ActKind.DECIDE, ActKind.STANDING, ActKind.BULK}
    assert set(SET_ASIDE) == set(UNDONE) == set(ActKind) - elsewhere
    assert set(bulk_words.MEANS) == set(Means)
    assert set(bulk_words.FATES) == LEFT
    assert set(OTHER_LANGUAGES) == set(OtherLanguages)
    assert set(KINDS) == set(SubjectKind)
    assert set(STANDINGS) == set(Standing) == {Standing.ORDINARY, *DO_NO_LONGER}


@pytest.mark.parametrize(
    ("action", "state", "number", "said"),
    [
        (BulkAction.APPROVE, BulkState.DONE, 1, "1 comment approved."),
        (BulkAction.REJECT, BulkState.DONE, 1200, "1,200 comments rejected."),
        (BulkAction.ESCALATE, BulkState.DONE, 0, "0 comments escalated."),
        (BulkAction.ESCALATE, BulkState.UNDONE, 2, "2 comments undone."),
    ],
)
def test_what_a_bulk_did_is_one_sentence(
    action: BulkAction, state: BulkState, number: int, said: str
) -> None:
    bulk = Bulk(
        id=BulkId(new_uuid()),
        user_id=UserId(new_uuid()),
        site_id=SiteId(new_uuid()),
        means=Means.HAND,
        selected={},
        state=state,
        created_at=NOW,
        action=action,
    )
    assert bulk_words.ended(bulk, number) == said


def label(name: Label, score: float) -> Reason:
    return Reason(ReasonKind.LABEL, label=name, score=score, threshold=0.5)


@pytest.mark.parametrize("kind", list(ReasonKind))
def test_every_kind_of_reason_can_be_said(kind: ReasonKind) -> None:
    assert why(Reason(kind, label=Label.INSULT, score=0.9, threshold=0.8, detail="a detail"))


def test_scores_of_a_text_that_could_not_be_read_are_not_to_be_shown() -> None:
    language = Reason(ReasonKind.LANGUAGE, detail="language not supported: Arabic")
    assert unreadable((label(Label.THREAT, 0.6), language))
    assert not unreadable((label(Label.THREAT, 0.6),))
    assert why(language) == "language not supported: Arabic; its scores mean nothing"


def test_a_precise_label_is_a_likelier_reason_than_toxicity() -> None:
    threat, toxic = label(Label.THREAT, 0.6), label(Label.TOXICITY, 0.99)
    assert likely_reason(DEFAULTS, (toxic, threat)).code == "threat"
    assert likely_reason(DEFAULTS, (toxic,)).code == "insult"
    unwanted = label(Label.UNWANTED, 0.99)
    assert likely_reason(DEFAULTS, (unwanted, threat)).code == "threat", "a head names nothing"
    assert likely_reason(DEFAULTS, (Reason(ReasonKind.FAILURE, detail="x"),)).code == "other"
    assert likely_reason(DEFAULTS, ()).code == "other"


def test_what_could_not_be_scored_is_named_first() -> None:
    failed, low, high = Reason(ReasonKind.FAILURE), label(Label.THREAT, 0.6), label(Label.INSULT, 1)
    assert strongest_first((low, high, failed)) == [failed, high, low]


def test_a_histogram_fits_its_drawing_and_its_table_counts_the_same() -> None:
    counts = [900, *([0] * 30), 3, 1, 0, 0, 0, 0, 0, 0, 7]
    drawn = chart(Histogram(Label.INSULT, tuple(counts)), Threshold(flag=0.8))
    assert drawn.total == sum(count for _, count in drawn.rows) == sum(counts)
    assert drawn.line == 0.8 * WIDTH
    assert len(drawn.bars) == 4
    assert [bar.over for bar in drawn.bars] == [False, False, True, True]
    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT + 0.01


def test_a_histogram_of_nothing_is_empty() -> None:
    drawn = chart(Histogram(Label.INSULT, (0,) * 40), None)
    assert (drawn.bars, drawn.line, drawn.total) == ((), None, 0)
