"""A shadow in words."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from api.dashboard import shadow_words as words
from moderation.model.beside import Beside, Difference
from moderation.model.decisions import Action
from moderation.model.ids import PolicyId, ShadowId, SiteId
from moderation.model.policy import Policy, PublishedPolicy
from moderation.model.proportions import Proportion
from moderation.model.shadows import Shadow, ShadowJobs
from moderation.model.sign_test import SignTest
from moderation.model.simulation import Change, Side
from moderation.services.shadow_reports import ShadowReport
from moderation.services.simulating import Pace

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SITE = SiteId(UUID(int=1))
POLICY = Policy("c@1", {}, version=3)
NONE = Proportion(0, 0)
NEW: Change = (Action.APPROVE, Action.FLAG)


def report(
    *,
    comments: int = 1_000,
    flagged: tuple[int, int] = (40, 80),
    differences: int = 50,
    right: tuple[int, int] = (0, 0),
    jobs: ShadowJobs | None = None,
) -> ShadowReport:
    """Return one after ten days; `right` is the shadow, then the live policy."""
    live, shadow = (Side({Action.FLAG: many}, {}, NONE, NONE) for many in flagged)
    beside = Beside(
        comments=comments,
        judged=100,
        live=live,
        shadow=shadow,
        stopped_for={},
        differences={NEW: Difference(differences)} if differences else {},
        sign_test=SignTest(*right),
    )
    return ShadowReport(
        shadow=Shadow(ShadowId(UUID(int=2)), SITE, POLICY, "Why not?", None, NOW),
        live=PublishedPolicy(PolicyId(UUID(int=3)), SITE, POLICY, None, None, "first", NOW),
        running="c@1",
        days=10.0,
        decided=2 * comments,
        beside=beside,
        newest={},
        pace=Pace(180.0, 60),
        jobs=jobs,
    )


def test_what_it_would_have_done_is_said_in_plain_words() -> None:
    assert words.told(report()) == (
        "Of the 1,000 comments since it began, 80 would wait for a person instead of 40: "
        "16 a day instead of 8, 48 minutes of reading instead of 24 minutes. "
        "On 95.0 % both decide the same."
    )
    assert words.told(report(differences=0)).endswith("Both decide the same on all of them.")


def test_what_is_as_now_is_said_so() -> None:
    assert words.told(report(flagged=(40, 40))).startswith(
        "Of the 1,000 comments since it began, 40 would wait for a person, as many as now."
    )
    assert "81 a day instead of 80, 4 hours of reading as now" in words.told(
        report(flagged=(400, 403))
    )


def test_nearly_all_is_not_said_as_all() -> None:
    assert words.told(report(comments=100_000, differences=1)).endswith(
        "On 99.9 % both decide the same."
    )


def test_without_a_comment_there_is_nothing_to_compare() -> None:
    empty = report(comments=0, differences=0)
    assert words.told(empty).endswith("no comment was written and decided since it began.")
    waiting = report(comments=0, differences=0, jobs=ShadowJobs(5, 0, is_missing=False))
    assert words.told(waiting).endswith("no comment since it began has scores by both.")


@pytest.mark.parametrize(
    ("right", "finding", "why"),
    [
        ((0, 0), "Not yet sure which is better.", "at least 8 are needed."),
        ((34, 11), "The shadow is better.", "That is more than chance."),
        ((11, 34), "The shadow is worse.", "That is more than chance."),
        ((5, 5), "Not yet sure which is better.", "no number of comments is likely to tell."),
        ((7, 0), "Not yet sure which is better.", "about 1 more judged difference will tell."),
    ],
)
def test_a_verdict_needs_confidence_and_says_what_it_needs(
    right: tuple[int, int], finding: str, why: str
) -> None:
    found = report(right=right)
    assert words.finding(found) == finding
    assert words.why(found).endswith(why)


def test_the_numbers_are_shown() -> None:
    assert "the shadow was right about 34 and version 3 about 11" in words.why(
        report(right=(34, 11))
    )
    said = words.numbers(SignTest(34, 11))
    assert "75.4 times likelier" in said
    assert "gives p under 0.001." in said
    assert "over 1,000,000 times" in words.numbers(SignTest(300, 0))


def test_where_both_decide_the_same_neither_is_better() -> None:
    found = report(differences=0)
    assert (words.finding(found), words.why(found)) == ("No difference so far.", "")
