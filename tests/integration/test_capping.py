"""What scores and rules reject in an hour is capped; bans are not, and nothing is decided twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from moderation.model.classification import Facts, Outcome
from moderation.model.comments import Author, Status
from moderation.model.decisions import Action, ReasonKind
from moderation.model.ids import CommentId, SiteId
from moderation.model.jobs import ClaimedJob
from moderation.model.labels import Label
from moderation.model.measures import Limit, Measure
from moderation.model.policy import Policy, Threshold
from moderation.model.standings import Standing, Subject, SubjectKind
from moderation.model.word_lists import WordList
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment
from moderation.services.reading import get_comment
from moderation.services.recording import Recorded, record
from moderation.services.reproducing import reproduce
from moderation.services.sites import change_site, find_site
from moderation.storage.classifications import classifications
from tests.evidence import SURELY, write_policy
from tests.factories import CIVIL, CLASSIFIER, HOSTILE, Agora, FakeClock, classify_all, submit
from tests.integration.test_policies_by_version import claim
from tests.meanwhile import meanwhile
from tests.standings import give

REJECTING = Policy(CLASSIFIER, {Label.INSULT: Threshold(0.8, 0.95)})


@pytest.fixture(autouse=True)
def rejecting(runtime: Runtime, agora: Agora) -> None:
    for site_id in (agora.site_id, agora.other_site_id):
        write_policy(runtime, site_id, REJECTING)
    change_site(runtime, "agora", rejections_an_hour=3)


def came(runtime: Runtime, site_id: SiteId, many: int, begin: str = "c") -> list[CommentId]:
    """Let so many comments come that scores would reject, and decide them."""
    ids = [submit(runtime, site_id, f"{begin}{n}").comment_id for n in range(many)]
    classify_all(runtime, SURELY)
    return ids


def statuses(runtime: Runtime, site_id: SiteId, ids: list[CommentId]) -> Counter[Status]:
    return Counter(get_comment(runtime, site_id, one).comment.status for one in ids)


@pytest.mark.usefixtures("time_is_held")
def test_beyond_the_cap_people_decide_until_an_hour_is_over(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    ids = came(runtime, agora.site_id, 5)
    assert statuses(runtime, agora.site_id, ids) == {Status.REJECTED: 3, Status.FLAGGED: 2}
    assert find_site(runtime, "agora").capped_at == clock.now()
    clock.pass_time(minutes=59)
    assert statuses(runtime, agora.site_id, came(runtime, agora.site_id, 1, "d")) == {
        Status.FLAGGED: 1
    }
    clock.pass_time(minutes=1)
    later = came(runtime, agora.site_id, 4, "e")
    assert statuses(runtime, agora.site_id, later) == {Status.REJECTED: 3, Status.FLAGGED: 1}
    assert reproduce(runtime, agora.site_id).other == ()


def test_a_capped_comment_says_why_it_waits(runtime: Runtime, agora: Agora) -> None:
    *_, last = came(runtime, agora.site_id, 4)
    decision = get_comment(runtime, agora.site_id, last).decision
    assert decision is not None
    cap, label = decision.reasons
    assert (cap.kind, label.kind) == (ReasonKind.CAP, ReasonKind.LABEL)
    assert (label.label, label.threshold) == (Label.INSULT, 0.8)


def test_that_the_cap_was_reached_makes_no_comment_unusual(runtime: Runtime, agora: Agora) -> None:
    came(runtime, agora.site_id, 4)
    with runtime.reading() as connection:
        highest = connection.execute(select(classifications.c.highest)).scalars().all()
    assert set(highest) == {0.97}, "simulations count it by its scores"


def test_what_people_and_bans_reject_does_not_count(runtime: Runtime, agora: Agora) -> None:
    give(runtime, agora, Standing.BANNED, Subject(SubjectKind.AUTHOR, "troll"))
    for n in range(4):
        submit(runtime, agora.site_id, f"banned{n}", author=Author(id="troll"))
    classify_all(runtime, SURELY)
    flagged = [submit(runtime, agora.site_id, f"flagged{n}").comment_id for n in range(4)]
    classify_all(runtime, HOSTILE)
    for comment_id in flagged:
        decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=1)
    ids = came(runtime, agora.site_id, 3)
    assert statuses(runtime, agora.site_id, ids) == {Status.REJECTED: 3}
    submit(runtime, agora.site_id, "banned too", author=Author(id="troll"))
    classify_all(runtime, SURELY)
    assert find_site(runtime, "agora").capped_at is None, "a ban needs no cap"


def test_a_rejection_that_was_undone_is_not_made_good_for(runtime: Runtime, agora: Agora) -> None:
    ids = came(runtime, agora.site_id, 3)
    for comment_id in ids:
        decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    assert statuses(runtime, agora.site_id, came(runtime, agora.site_id, 1, "d")) == {
        Status.FLAGGED: 1
    }


BY_RULES = replace(
    REJECTING,
    limits={Measure.LENGTH: Limit(60, Action.REJECT)},
    word_lists=(WordList("Rude", Action.REJECT, ("the",)),),
)


def test_what_rules_reject_counts_with_what_scores_reject(runtime: Runtime, agora: Agora) -> None:
    write_policy(runtime, agora.site_id, BY_RULES)
    by_scores = came(runtime, agora.site_id, 1)
    texts = (
        "In the morning.",
        "I wrote on and on. " * 5,
        "At the end.",
        "So long, and no end. " * 5,
    )
    submitted = [submit(runtime, agora.site_id, text[:9], text=text) for text in texts]
    by_rules = [one.comment_id for one in submitted]
    classify_all(runtime, CIVIL)
    assert statuses(runtime, agora.site_id, by_scores) == {Status.REJECTED: 1}
    assert statuses(runtime, agora.site_id, by_rules) == {Status.REJECTED: 2, Status.FLAGGED: 2}
    later = came(runtime, agora.site_id, 1, "d")
    assert statuses(runtime, agora.site_id, later) == {Status.FLAGGED: 1}
    assert find_site(runtime, "agora").capped_at is not None
    assert reproduce(runtime, agora.site_id).other == ()


def test_a_site_whose_rules_alone_reject_is_capped_too(runtime: Runtime, agora: Agora) -> None:
    change_site(runtime, "agora", rejections_an_hour=0)
    write_policy(
        runtime, agora.site_id, replace(BY_RULES, thresholds={Label.INSULT: Threshold(0.8)})
    )
    comment_id = submit(runtime, agora.site_id, text="In the morning.").comment_id
    classify_all(runtime, HOSTILE)
    decision = get_comment(runtime, agora.site_id, comment_id).decision
    assert decision is not None
    assert decision.action is Action.FLAG
    kinds = [reason.kind for reason in decision.reasons]
    assert kinds == [ReasonKind.CAP, ReasonKind.WORD_LIST, ReasonKind.LABEL]


def test_each_site_has_its_own_cap(runtime: Runtime, agora: Agora) -> None:
    came(runtime, agora.site_id, 4)
    theirs = came(runtime, agora.other_site_id, 4, "boule")
    assert statuses(runtime, agora.other_site_id, theirs) == {Status.REJECTED: 4}


def test_at_a_cap_of_none_scores_reject_nothing_and_nobody_is_told(
    runtime: Runtime, agora: Agora
) -> None:
    change_site(runtime, "agora", rejections_an_hour=0)
    ids = came(runtime, agora.site_id, 2)
    assert statuses(runtime, agora.site_id, ids) == {Status.FLAGGED: 2}
    assert find_site(runtime, "agora").capped_at is None


def test_workers_that_decide_at_once_reject_no_more_together(
    runtime: Runtime, agora: Agora
) -> None:
    jobs = claim(runtime, agora, *(f"c{n}" for n in range(8)))

    def work(some: Sequence[ClaimedJob]) -> Recorded:
        return record(runtime, [Outcome(job, Facts(CLASSIFIER, SURELY)) for job in some])

    with meanwhile(runtime, "INSERT INTO decisions", lambda: work(jobs[4:])) as acted:
        work(jobs[:2])
        acted()
    work(jobs[2:4])
    ids = [job.comment_id for job in jobs]
    assert statuses(runtime, agora.site_id, ids) == {Status.REJECTED: 3, Status.FLAGGED: 5}
