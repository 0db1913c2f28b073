"""No page reads a whole big table: the plans of all their statements, on both databases."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, literal, select

from moderation.model.audits import SampleState
from moderation.model.authors import KnownAuthor
from moderation.model.bulks import Band, Chosen, Means, Selection
from moderation.model.comments import Status
from moderation.model.decisions import Action, Source
from moderation.model.desk import EVERYTHING, Filter, Order, Search
from moderation.model.jobs import History
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.model.perspective import ShadowState
from moderation.model.policy import Threshold
from moderation.model.rates import PERIODS
from moderation.model.repeats import Print
from moderation.model.reviews import Cause
from moderation.runtime import Runtime
from moderation.services.audit_runs import next_turn, read_turn
from moderation.services.audit_sampling import change_audit, count_approvals
from moderation.services.bulk_selecting import find
from moderation.services.deliveries import failed_deliveries, recent_deliveries
from moderation.services.desk import comment_file, comments_page
from moderation.services.disagreements import all_disagreements
from moderation.services.gauges import measure
from moderation.services.handing_out import hand_out
from moderation.services.misses import read_misses
from moderation.services.moderating import decide_comment, undo
from moderation.services.queue import count_waiting, queue_page
from moderation.services.rates import read_rates
from moderation.services.reading import decisions_after
from moderation.services.rescoring import look
from moderation.services.score_dots import read_dots
from moderation.services.shift import read_shift
from moderation.services.spikes import read_spike
from moderation.services.translating import read_translation
from moderation.services.tuning import Look, read_tuning, try_draft
from moderation.services.watching import watch
from moderation.storage import (
    audit_samples,
    decisions,
    history,
    measures,
    perspective_shadows,
    score_pairs,
    surroundings,
    team_notes,
    users,
)
from tests.bench.filling import BUSY_AUTHOR, COMMON_WORD, RARE_AUTHOR, RARE_WORD
from tests.bench.stores import fill
from tests.factories import CLASSIFIER
from tests.plans import plans, scans
from tests.rules import draft_of_rules

AROUND = {f"ix_comments_{name}" for name in ("thread", "parent", "author", "nameless")}
COMMENTS = 5_000
IN_NO_ORDER = r"^SELECT \w+ FROM search_words (?!.*ORDER BY).* LIMIT"


@dataclass(frozen=True)
class Desk:
    """A database with some history, and an operator of two of its three sites."""

    runtime: Runtime
    olga: User

    @property
    def sites(self) -> list[Any]:
        return sorted(self.olga.site_ids)


@pytest.fixture
def desk(runtime: Runtime) -> Desk:
    known = fill(runtime, COMMENTS)
    with runtime.reading() as connection:
        olga = users.by_email(connection, known["olga"])
    assert olga is not None
    return Desk(runtime, olga)


def queue(desk: Desk) -> None:
    first = queue_page(desk.runtime, desk.olga, desk.sites)
    assert first.more_after is not None
    assert queue_page(desk.runtime, desk.olga, desk.sites, after=first.more_after).cards
    assert queue_page(desk.runtime, desk.olga, desk.sites[:1]).cards


def filtered(desk: Desk) -> None:
    for sought in (
        Filter(section="section 3", overdue=True),
        Filter(cause=Cause.TOXICITY),
        Filter(author=RARE_AUTHOR),
        Filter(mine=True),
        Filter(order=Order.NEAREST),
        Filter(escalated=True),
    ):
        page = queue_page(desk.runtime, desk.olga, desk.sites, sought)
        if page.more_after is not None:
            after = page.more_after
            assert queue_page(desk.runtime, desk.olga, desk.sites, sought, after=after).cards
        count_waiting(desk.runtime, desk.olga, desk.sites, sought)


def handed_out(desk: Desk) -> None:
    for sought in (EVERYTHING, Filter(section="section 3")):
        assert hand_out(desk.runtime, desk.olga, desk.sites, sought).card


def watched(desk: Desk) -> None:
    """Ask what became of what waits, and of what was decided."""
    for status in (Status.FLAGGED, Status.REJECTED):
        found = comments_page(desk.runtime, desk.olga, desk.sites, Search(status)).listed
        assert watch(desk.runtime, desk.olga, [card.comment.id for card in found])


def shift(desk: Desk) -> None:
    assert read_shift(desk.runtime, desk.olga, desk.sites).waiting


def lists(desk: Desk) -> None:
    for sites in (desk.sites, desk.sites[:1]):
        for status in (None, *Status):
            page = comments_page(desk.runtime, desk.olga, sites, Search(status))
            if page.more_before:
                comments_page(desk.runtime, desk.olga, sites, Search(status), page.more_before)


def searches(desk: Desk) -> None:
    for search, found in (
        (Search(text=RARE_WORD), True),
        (Search(text=COMMON_WORD), True),
        (Search(text="beca"), True),
        (Search(text="xylophonist"), False),
        (Search(Status.REJECTED, text=COMMON_WORD), True),
        (Search(author=RARE_AUTHOR), True),
        (Search(thread="article-7"), True),
    ):
        page = comments_page(desk.runtime, desk.olga, desk.sites, search)
        assert bool(page.listed) is found, search
        if page.more_before:
            assert comments_page(desk.runtime, desk.olga, desk.sites, search, page.more_before)


def one_comment(desk: Desk) -> None:
    card = comments_page(desk.runtime, desk.olga, desk.sites, Search(Status.FLAGGED)).listed[0]
    comment_file(desk.runtime, desk.olga, card.comment.id)


def decided(desk: Desk) -> None:
    """Decide on a comment, and take that back."""
    waiting = queue_page(desk.runtime, desk.olga, desk.sites).cards[0].comment
    of_olga = desk.runtime, desk.olga
    made = decide_comment(*of_olga, waiting.id, Action.APPROVE, seen=waiting.sequence)
    undo(*of_olga, made.id)


def around(desk: Desk) -> None:
    """Read a thread of 200 and an author of many, from the middle, and what cards show of them."""
    site = desk.sites[0]
    with desk.runtime.reading() as connection:
        busy = KnownAuthor("busy-1", by_id=True)
        [here] = surroundings.newest_by(connection, site, busy, 1)
        assert len(surroundings.before(connection, site, "article-7", here.id, 3)) == 3
        surroundings.after(connection, site, "article-7", here.id, 3)
        surroundings.replies(connection, site, here.external_id, 5)
        assert surroundings.tally(connection, site, busy, 500)
        assert surroundings.has_others(connection, site, busy, here.id)
        nameless = KnownAuthor(BUSY_AUTHOR, by_id=False)
        assert not surroundings.newest_by(connection, site, nameless, 10)
        assert not surroundings.tally(connection, site, nameless, 500)
        assert surroundings.by_external_ids(connection, {(site, here.external_id), (site, "c1")})
        team_notes.of(connection, site, here.id, busy.key, 50)
        team_notes.counts(connection, [here.id], {(site, busy.key)})
        asked = measures.Asked(here.id, Print(7, 8, 9), here.at)
        assert measures.of_others(connection, [asked], here.at)[here.id]


def together(desk: Desk) -> None:
    site = desk.sites[0]
    dots = read_dots(desk.runtime, desk.olga, site, Label.TOXICITY)
    assert dots.classifier
    band = Band(Label.TOXICITY, 0.0, 1.0, dots.classifier)
    waiting = queue_page(desk.runtime, desk.olga, [site]).cards[0].comment
    with desk.runtime.reading() as connection:
        now = desk.runtime.database_now(connection)
        for selection in (
            Selection(Means.BAND, site_id=site, band=band),
            Selection(Means.AUTHOR, like=waiting.id),
            Selection(Means.TEXT, like=waiting.id),
            Selection(Means.HAND, chosen=(Chosen(waiting.id, 1),)),
        ):
            assert find(desk.runtime, connection, desk.olga, selection, now).rows


def feed(desk: Desk) -> None:
    found = {site: decisions_after(desk.runtime, site, 20, 100) for site in desk.sites}
    assert all(found.values())


def thresholds(desk: Desk) -> None:
    assert read_tuning(desk.runtime, desk.olga, desk.sites[0]).simulation.comments
    draft = draft_of_rules({Label.TOXICITY: Threshold(flag=0.82)}, 1)
    tried = try_draft(desk.runtime, desk.olga, desk.sites[1], Look(days=0, draft=draft))
    assert tried.judged
    assert tried.words is not None
    assert [flips for flips in tried.flips if flips.nearest]
    with desk.runtime.reading() as connection:
        both = (CLASSIFIER, CLASSIFIER)
        assert score_pairs.newest(connection, desk.sites[0], *both, limit=100)


def rates(desk: Desk) -> None:
    for period in PERIODS:
        found = [read_rates(desk.runtime, desk.olga, site, period) for site in desk.sites]
        assert any(one.for_people for one in found)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert any(list(all_disagreements(desk.runtime, site, since)) for site in desk.sites)
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    assert any(read_spike(desk.runtime, desk.olga, site, yesterday).flagged for site in desk.sites)


def webhooks(desk: Desk) -> None:
    assert any(recent_deliveries(desk.runtime, site, 30) for site in desk.sites)
    assert any(failed_deliveries(desk.runtime, site, 30) for site in desk.sites)


def metrics(desk: Desk) -> None:
    assert measure(desk.runtime).open_reviews


def rescoring(desk: Desk) -> None:
    wanted = History(desk.sites[0], "compact@next", datetime(2026, 1, 1, tzinfo=UTC))
    look(desk.runtime, wanted)
    with desk.runtime.reading() as connection:
        first = history.newest(connection, wanted, None, 100)
        assert any(row.decided for row in first)
        history.scored(connection, [row.id for row in first], wanted.classifier)
        assert history.newest(connection, wanted, first[-1].id, 100)


def perspective(desk: Desk) -> None:
    read_translation(desk.runtime, desk.olga, desk.sites[0], {})
    with desk.runtime.transaction() as connection:
        now = desk.runtime.database_now(connection)
        shadow = {"share": 1.0, "a_second": 1.0, "state": ShadowState.ON, "started_at": now}
        counts = dict.fromkeys(("failures", "asked", "answered", "refused"), 0)
        site = {"site_id": desk.sites[0], "seen": UUID(int=0), "next_at": now}
        perspective_shadows.put(connection, **shadow, **counts, **site)
        assert perspective_shadows.due(connection, CLASSIFIER, now, UUID(int=0))
        assert perspective_shadows.lock_due(connection, CLASSIFIER, now, UUID(int=0))
        last = desk.sites[0], CLASSIFIER, UUID(int=0)
        assert perspective_shadows.to_ask_about(connection, *last, limit=100)


def audited(desk: Desk) -> None:
    """Let all that was approved be a sample, judge one, and estimate."""
    d, copied = decisions.decisions.c, ("id", "comment_id", "site_id", "revision")
    with desk.runtime.transaction() as connection:
        now = desk.runtime.database_now(connection)
        same = {"probability": 0.01, "turn": 0.5, "state": SampleState.OPEN, "sampled_at": now}
        made = select(*(d[name] for name in copied), d.id, *map(literal, same.values()))
        approved = made.where(d.source == Source.AUTOMATION, d.action == Action.APPROVE)
        table = audit_samples.audit_samples
        connection.execute(insert(table).from_select([*copied, "decision_id", *same], approved))
    for thrown in (0.0, 0.9):
        found = next_turn(desk.runtime, desk.olga, desk.sites, lambda thrown=thrown: thrown)
        assert found
        assert read_turn(desk.runtime, desk.olga, found, desk.sites)
    change_audit(desk.runtime, "agora", 0.01)
    count_approvals(desk.runtime)
    assert read_misses(desk.runtime, desk.sites[0], timedelta(days=30)).open


PAGES: tuple[Callable[[Desk], None], ...] = (
    queue,
    filtered,
    handed_out,
    watched,
    shift,
    lists,
    searches,
    one_comment,
    decided,
    around,
    together,
    feed,
    thresholds,
    rates,
    webhooks,
    metrics,
    rescoring,
    perspective,
    audited,
)


def test_no_page_reads_a_whole_big_table(desk: Desk) -> None:
    found = {page.__name__: scans(desk.runtime, page, desk) for page in PAGES}
    assert not {name: steps for name, steps in found.items() if steps}


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a short history be searched as a long one is."""
    monkeypatch.setattr("moderation.storage.search.BLOCK", 500)
    monkeypatch.setattr("tests.bench.filling.BLOCK", 500)


@pytest.mark.usefixtures("small_blocks")
def test_a_rare_word_is_looked_for_alone_in_the_index(desk: Desk) -> None:
    def page(desk: Desk) -> None:
        both = Search(text=f"{RARE_WORD} {COMMON_WORD}")
        assert comments_page(desk.runtime, desk.olga, desk.sites, both).listed

    found = plans(desk.runtime, page, desk)
    [steps] = [steps for said, steps in found.items() if re.search(IN_NO_ORDER, said)]
    of_words = "VIRTUAL TABLE INDEX|ix_search_words_terms"
    assert any(re.search(of_words, step) for step in steps), steps
    assert not scans(desk.runtime, page, desk)


def test_the_queue_is_read_off_its_index_in_order(desk: Desk) -> None:
    found = plans(desk.runtime, queue, desk) | plans(desk.runtime, filtered, desk)
    for key, index in (("due_at", "ix_reviews_queue"), ("risk", "ix_reviews_nearest")):
        order = f"ORDER BY reviews.{key}, reviews.id"
        fronts = {said: steps for said, steps in found.items() if order in said}
        assert len(fronts) > 1
        for said, steps in fronts.items():
            # One that only few can match is looked for among these.
            few = "author" in said or "reviews.id IN" in said
            # What waits for operators has one more, in the first order.
            own = "ix_reviews_escalated" if "escalated_at IS NOT NULL" in said else index
            assert few or any(index in step or own in step for step in steps), said
            assert few or not any("TEMP B-TREE" in step for step in steps), said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_filter_that_nothing_passes_reads_the_index_alone(desk: Desk) -> None:
    nothing = Filter(section="nowhere", cause=Cause.THREAT, overdue=True)

    def page(desk: Desk) -> None:
        assert not queue_page(desk.runtime, desk.olga, desk.sites, nothing).cards

    found = plans(desk.runtime, page, desk)
    # What the person did not skip, and what they did.
    fronts = [steps for said, steps in found.items() if "ORDER BY reviews.due_at" in said]
    assert len(fronts) == 2
    for front in fronts:
        assert any("USING COVERING INDEX ix_reviews_queue" in step for step in front), front


def test_what_somebody_holds_or_was_handed_is_read_off_the_indexes_of_that(desk: Desk) -> None:
    """However much waits at their sites."""
    found = plans(desk.runtime, queue, desk) | plans(desk.runtime, handed_out, desk)
    handed = [steps for said, steps in found.items() if "reviews.handed_to =" in said]
    held = [steps for said, steps in found.items() if "WHERE reviews.claimed_by =" in said]
    assert handed
    assert held
    for index, looks in (("ix_reviews_handed_to", handed), ("ix_reviews_claimed_by", held)):
        for steps in looks:
            assert any(index in step for step in steps), steps


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_people_cleared_is_read_off_its_index(desk: Desk) -> None:
    found = plans(desk.runtime, shift, desk)
    cleared = [steps for said, steps in found.items() if "AS undoing" in said]
    assert len(cleared) == 2
    for steps in cleared:
        assert any("USING INDEX ix_decisions_rates_of_people" in step for step in steps), steps


def test_a_thread_of_any_length_is_read_off_its_index_in_order(desk: Desk) -> None:
    found = plans(desk.runtime, around, desk)
    ordered = {said: steps for said, steps in found.items() if "ORDER BY comments.id" in said}
    used = {name for steps in ordered.values() for name in AROUND if name in " ".join(steps)}
    assert used == AROUND
    for said, steps in ordered.items():
        # To count what became of an author's last comments, these few are put in order.
        if "GROUP BY" not in said:
            assert not any(re.search("TEMP B-TREE|Sort", step) for step in steps), (said, steps)
