"""Limits and word lists in force: what they do to comments, and what is kept of it."""

import pytest
from sqlalchemy import select

from moderation.model.classification import Facts, Outcome
from moderation.model.comments import Author, Display, Format, Status
from moderation.model.decisions import Action, Reason, ReasonKind
from moderation.model.errors import InvalidInput
from moderation.model.jobs import Lane
from moderation.model.measures import Limit, Measure
from moderation.model.standings import Standing, Subject, SubjectKind
from moderation.model.word_lists import WordList
from moderation.runtime import Runtime
from moderation.services import listed_words
from moderation.services.claiming import claim_batch
from moderation.services.erasure import erase
from moderation.services.reading import CommentView, get_comment
from moderation.services.recording import record
from moderation.services.reproducing import Reproduction, reproduce
from moderation.services.sites import change_site
from moderation.services.tuning import read_tuning, roll_back
from moderation.storage.classifications import classifications, from_print
from moderation.storage.jobs import jobs
from moderation.storage.tables import metadata
from tests.factories import CIVIL, CLASSIFIER, HOSTILE, LEASE, Agora, submit
from tests.rules import RUDE, decide_one, publish_rules
from tests.standings import give

WATCHES = "Buy the best watches here!"
LINKS = "https://a.example https://b.example https://c.example"


def kinds(view: CommentView) -> list[ReasonKind]:
    assert view.decision is not None
    return [reason.kind for reason in view.decision.reasons]


def test_a_limit_flags_and_the_reason_says_how_many(runtime: Runtime, agora: Agora) -> None:
    assert decide_one(runtime, agora.site_id, "c1", text=LINKS).comment.status is Status.APPROVED
    publish_rules(runtime, agora, {Measure.LINKS: Limit(3)})
    view = decide_one(runtime, agora.site_id, "c2", text=LINKS)
    assert view.comment.status is Status.FLAGGED
    assert view.decision is not None
    assert view.decision.reasons == (Reason(ReasonKind.LINKS, detail="3"),)
    assert decide_one(runtime, agora.site_id, "c3").comment.status is Status.APPROVED
    elsewhere = decide_one(runtime, agora.other_site_id, "c4", text=LINKS)
    assert elsewhere.comment.status is Status.APPROVED


def test_a_limit_can_reject_without_a_person(runtime: Runtime, agora: Agora) -> None:
    publish_rules(runtime, agora, {Measure.REPEATS: Limit(2, Action.REJECT)})
    found = [decide_one(runtime, agora.site_id, f"c{n}", text=WATCHES) for n in range(3)]
    assert [view.comment.status for view in found] == [
        Status.APPROVED,
        Status.APPROVED,
        Status.REJECTED,
    ]


def test_new_authors_are_held_until_somebody_approved_one(runtime: Runtime, agora: Agora) -> None:
    change_site(runtime, "agora", while_flagged=Display.SHOW)
    publish_rules(runtime, agora, {Measure.APPROVALS: Limit(1)})
    author = Author(id="u-1")
    view = decide_one(runtime, agora.site_id, "c1", author=author)
    assert (view.comment.status, view.display) == (Status.FLAGGED, Display.HOLD)
    assert kinds(view) == [ReasonKind.FIRST_TIME]
    publish_rules(runtime, agora)
    decide_one(runtime, agora.site_id, "c2", author=author)
    publish_rules(runtime, agora, {Measure.APPROVALS: Limit(1)})
    assert decide_one(runtime, agora.site_id, "c3", author=author).display is Display.SHOW


def test_trust_lifts_limits_and_no_word_list(runtime: Runtime, agora: Agora) -> None:
    publish_rules(runtime, agora, {Measure.LINKS: Limit(1)}, RUDE)
    give(runtime, agora, Standing.TRUSTED, Subject(SubjectKind.AUTHOR, "u-1"))
    author = Author(id="u-1")
    view = decide_one(runtime, agora.site_id, "c1", text=LINKS, author=author)
    assert view.comment.status is Status.APPROVED
    assert kinds(view) == [ReasonKind.AUTHOR_TRUSTED, ReasonKind.LINKS]
    view = decide_one(runtime, agora.site_id, "c2", text="A canary.", author=author)
    assert kinds(view) == [ReasonKind.WORD_LIST]


def test_words_are_found_as_readers_see_them(runtime: Runtime, agora: Agora) -> None:
    publish_rules(runtime, agora, None, RUDE)
    html = "A c<b></b>anary in the coal <i>mines</i>."
    view = decide_one(runtime, agora.site_id, "c1", text=html, format=Format.HTML)
    assert view.decision is not None
    reason = Reason(ReasonKind.WORD_LIST, title="Rude", detail="canary, coal mine*")
    assert view.decision.reasons == (reason,)
    assert kinds(decide_one(runtime, agora.site_id, "c2", text="<canary>")) == ["word-list"]
    assert kinds(decide_one(runtime, agora.site_id, "c3", text="Two canaries.")) == []


def test_words_are_found_where_a_worker_says_what_is_hidden(runtime: Runtime, agora: Agora) -> None:
    publish_rules(runtime, agora, None, RUDE)
    comment_id = submit(runtime, agora.site_id, text="A c4n4ry.").comment_id
    with runtime.reading() as connection:
        ids = list(connection.execute(select(jobs.c.id)).scalars())
    (job,) = claim_batch(runtime, Lane.BULK, ids, 1, LEASE).jobs
    record(runtime, [Outcome(job, Facts(CLASSIFIER, CIVIL), cleaned="A canary.")])
    view = get_comment(runtime, agora.site_id, comment_id)
    assert kinds(view) == [ReasonKind.WORD_LIST]


def test_what_scores_and_rules_flag_is_explained_too(runtime: Runtime, agora: Agora) -> None:
    publish_rules(runtime, agora, {Measure.LINKS: Limit(1)}, RUDE)
    submit(runtime, agora.site_id, text=f"A canary {LINKS}")
    with runtime.reading() as connection:
        ids = list(connection.execute(select(jobs.c.id)).scalars())
    held = claim_batch(runtime, Lane.BULK, ids, 1, LEASE).jobs
    record(runtime, [Outcome(job, Facts(CLASSIFIER, HOSTILE)) for job in held])
    with runtime.reading() as connection:
        purposes = set(connection.execute(select(jobs.c.purpose)).scalars())
    assert purposes == {"decide", "explain"}


def test_an_erased_comment_leaves_no_word_that_was_found(runtime: Runtime, agora: Agora) -> None:
    secret = WordList("Names", Action.FLAG, ("quetzalcoatl",))
    publish_rules(runtime, agora, None, secret)
    view = decide_one(
        runtime,
        agora.site_id,
        "c1",
        text="By Quetzalcoatl, of whom I never heard before!",
    )
    decide_one(runtime, agora.site_id, "c2", text="By nobody!")
    assert reproduce(runtime, agora.site_id) == Reproduction(2, ())
    assert "quetzalcoatl" in stored(runtime)
    erase(runtime, agora.site_id, view.comment.id)
    assert "quetzalcoatl" not in stored(runtime)
    with runtime.reading() as connection:
        of_it = classifications.c.comment_id == view.comment.id
        found_by = (classifications.c[name] for name in from_print(None))
        prints = connection.execute(select(*found_by).where(of_it)).all()
    assert prints == [(None, None, None)]
    # What cannot be made again any more is not taken for one that came out otherwise.
    assert reproduce(runtime, agora.site_id) == Reproduction(1, ())


def stored(runtime: Runtime) -> str:
    """Return all rows but those of policies, which name their words."""
    with runtime.reading() as connection:
        tables = [table for table in metadata.sorted_tables if table.name != "policies"]
        return str([list(connection.execute(table.select())) for table in tables]).lower()


def test_lists_that_cannot_be_read_leave_comments_to_people(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_rules(runtime, agora, None, RUDE)

    def refuse(*_given: object) -> tuple[str, ...]:
        raise InvalidInput("too large")

    monkeypatch.setattr(listed_words, "words_in", refuse)
    view = decide_one(runtime, agora.site_id, "c1")
    assert (view.comment.status, kinds(view)) == (Status.FLAGGED, [ReasonKind.FAILURE])


def test_an_entry_that_nothing_can_be_made_of_is_not_published(
    runtime: Runtime, agora: Agora
) -> None:
    with pytest.raises(InvalidInput, match="cannot be used"):
        publish_rules(runtime, agora, None, WordList("Broken", Action.FLAG, ("/(/",)))


def test_rules_stay_until_they_are_changed_and_come_back(runtime: Runtime, agora: Agora) -> None:
    limits = {Measure.LINKS: Limit(3, Action.REJECT), Measure.APPROVALS: Limit(1)}
    lists = (RUDE, WordList("Worse", Action.REJECT, ("x", "y")))
    version = publish_rules(runtime, agora, limits, *lists)
    publish_rules(runtime, agora)
    roll_back(runtime, agora.olga, agora.site_id, version, seen=version + 1)
    policy = read_tuning(runtime, agora.olga, agora.site_id).current.policy
    assert (policy.limits, policy.word_lists) == (limits, lists)
