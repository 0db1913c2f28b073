"""Advice, and what the audit corrects, in words."""

from dataclasses import replace

from api.dashboard import advice_words, corrected_words
from moderation.model.advice import Wish, WishKind
from moderation.model.corrected import Corrected, Correction
from moderation.model.estimates import Estimate
from moderation.model.policy import first_policy
from moderation.services.advising import Advice
from moderation.services.promising import Promise
from moderation.services.simulating import Pace
from tests.unit.dashboard.test_simulation_words import MONTH, side, simulation

ADVICE = Advice(
    Wish(WishKind.FLAGS, 40),
    first_policy("c@1"),
    MONTH,
    12_340,
    38.6,
    (25.2, 52.4),
    Pace(270.0, 80),
)
AUDITED = Correction(
    10_000, 80, 300, live=Corrected(Estimate(300, 280, 320), Estimate(100.4, 40, 260))
)


def test_what_thresholds_do_is_said_with_how_much_days_differ() -> None:
    said = advice_words.told(ADVICE)
    assert said == (
        "With these thresholds 39 a day would wait for a person, 3 hours of reading;"
        " on 19 of 20 days between 25 and 52."
    )
    few_days = replace(ADVICE, usual=None, flags_a_day=0.4)
    assert advice_words.told(few_days) == (
        "With these thresholds fewer than 1 a day would wait for a person, 2 minutes of reading."
    )


def test_a_promise_is_said_with_all_that_it_takes_for_granted() -> None:
    promised = replace(
        ADVICE,
        wish=Wish(WishKind.MISSES, 0.07),
        promise=Promise(weeks=4, samples=1_200, missed=1, rejected=900, alone=1, unjudged=12),
    )
    assert advice_words.told(promised).endswith(
        "between 25 and 52. At most 7 % of what moderators would reject is approved, with 95 % "
        "confidence."
    )
    assert promised.reason == (
        "Advised for at most 7 % missed of what moderators would reject, on 12,340 comments."
    )
    samples, alone, unjudged, as_before = advice_words.rests_on(promised)
    assert "1,200 samples of what automation approved" in samples
    assert alone.startswith("1 rejected comment was decided by people before any automation")
    assert unjudged.startswith("12 that were stopped nobody has judged yet")
    assert as_before.startswith("It holds as long as comments come, and moderators decide")


def test_what_the_audit_corrects_is_said_roughly() -> None:
    found = replace(simulation(side(500)), corrected=AUDITED)
    assert corrected_words.told(found) == (
        "Of the 12,340 comments of the last 30 days, moderators would reject about 400"
        " (337 to 561) if they saw them all."
    )
    live = AUDITED.live
    assert live is not None
    assert corrected_words.share(live) == "75 % (53 % to 88 %)"
    assert corrected_words.of_a_thousand(AUDITED, live) == "10 (4.0 to 26)"
    nothing = Corrected(Estimate(0, 0, 0), Estimate(0, 0, 5))
    assert corrected_words.share(nothing) == "nothing to stop was found"


def test_what_is_left_out_and_what_is_needed_still_is_said() -> None:
    assert "left out" not in corrected_words.rests_on(AUDITED)
    rejected = replace(AUDITED, unknown=1)
    assert "1 comment that was rejected without a person is left out" in (
        corrected_words.rests_on(rejected)
    )
    one = Correction(10_000, 49, 0)
    assert "49 of its samples from this time were judged, and 1 more is" in (
        corrected_words.needed(one)
    )
    unseen = Correction(10_000, 50, 15)
    assert "people have judged 5 more of the comments" in corrected_words.needed(unseen)
