"""Comments in languages that the site's classifier does not know, with the one that ships."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from classifiers import registry
from classifiers.interface import Classifier, nothing
from moderation.model.comments import Status
from moderation.model.decisions import ReasonKind
from moderation.model.errors import ClassifierUnavailable
from moderation.model.ids import SiteId
from moderation.model.labels import Label, Scores
from moderation.model.policy import FIRST_THRESHOLDS, OtherLanguages, Policy
from moderation.runtime import Runtime
from moderation.services.publishing import set_other_languages
from moderation.services.reading import CommentView, get_comment
from moderation.services.sites import add_site
from moderation.storage.jobs import jobs
from tests.factories import CIVIL, HOSTILE, submit
from worker.drain import Drain
from worker.reading import Reader

THREAT = "Te voy a matar, hijo de puta, ya sé dónde vives."
POLISH = "Zabiję cię, ty głupi śmieciu, i nikt ci nie pomoże."
SEVEN = Policy("seven@1", FIRST_THRESHOLDS)


@dataclass
class Seven:
    """Knows Spanish, and finds everything hostile."""

    version: str = SEVEN.classifier
    labels: frozenset[Label] = frozenset(CIVIL)
    languages: frozenset[str] = frozenset({"en", "es"})
    texts: list[str] = field(default_factory=list)

    def can_read(self, text: str) -> bool:
        return bool(text)

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        between()
        self.texts += texts
        return [HOSTILE for _ in texts]


@pytest.fixture(scope="module")
def compact() -> Classifier:
    return registry.load("compact")


def site(runtime: Runtime, *languages: str) -> SiteId:
    return add_site(runtime, "agora", registry.version("compact"), languages=languages).id


def judged(
    runtime: Runtime, worker: Drain, site_id: SiteId, text: str, said: str | None = None
) -> CommentView:
    comment_id = submit(runtime, site_id, text, text=text, language=said).comment_id
    with runtime.reading() as connection:
        found = connection.execute(jobs.select().where(jobs.c.comment_id == comment_id)).one()
    runtime.broker.announce(found.lane, [found.id])
    worker.classify()
    return get_comment(runtime, site_id, comment_id)


@pytest.fixture
def worker(runtime: Runtime, compact: Classifier) -> Drain:
    return Drain(runtime, Reader(compact), timedelta(seconds=30), 20_000, lingers=False)


def reason(view: CommentView) -> tuple[ReasonKind, str | None]:
    assert view.decision is not None
    return view.decision.reasons[0].kind, view.decision.reasons[0].detail


def test_a_threat_in_spanish_is_flagged_on_an_english_site(runtime: Runtime, worker: Drain) -> None:
    view = judged(runtime, worker, site(runtime, "en"), THREAT)
    assert (view.comment.status, view.language) == (Status.FLAGGED, "es")
    assert reason(view) == (ReasonKind.LANGUAGE, "language not supported: Spanish")


def test_that_a_site_states_a_language_does_not_make_it_known(
    runtime: Runtime, worker: Drain
) -> None:
    view = judged(runtime, worker, site(runtime, "en", "es"), THREAT, said="en")
    assert reason(view) == (ReasonKind.LANGUAGE, "language not supported: Spanish")


def test_a_short_comment_counts_as_the_first_language(runtime: Runtime, worker: Drain) -> None:
    view = judged(runtime, worker, site(runtime, "en", "es"), "lol")
    assert (view.comment.status, view.language) == (Status.APPROVED, "en")


def test_on_a_spanish_site_a_short_comment_counts_as_spanish(
    runtime: Runtime, worker: Drain
) -> None:
    spanish = site(runtime, "es")
    assert reason(judged(runtime, worker, spanish, "lol"))[1] == "language not supported: Spanish"
    english = judged(runtime, worker, spanish, "The bridge has been closed for eleven months.")
    assert (english.comment.status, english.language) == (Status.APPROVED, "en")


def test_a_policy_may_approve_what_the_classifier_does_not_know(
    runtime: Runtime, worker: Drain
) -> None:
    english = site(runtime, "en")
    set_other_languages(runtime, "agora", OtherLanguages.APPROVE)
    view = judged(runtime, worker, english, "¿Cuándo se reúne el pleno del ayuntamiento este mes?")
    assert (view.comment.status, view.language) == (Status.APPROVED, "es")
    insult = judged(runtime, worker, english, f"{THREAT} You are a stupid fucking idiot.")
    assert (insult.comment.status, reason(insult)[0]) == (Status.FLAGGED, ReasonKind.LABEL)


def test_a_policy_may_route_them_to_another_classifier(runtime: Runtime, worker: Drain) -> None:
    english, seven = site(runtime, "en"), Seven()
    set_other_languages(runtime, "agora", OtherLanguages.ROUTE, SEVEN)
    worker.reader = replace(worker.reader, other=lambda: seven)
    view = judged(runtime, worker, english, THREAT)
    assert view.decision is not None
    assert (view.decision.classifier, view.decision.action) == ("seven@1", "flag")
    assert view.decision.reasons[0].kind is ReasonKind.LABEL
    assert view.scores == HOSTILE
    assert judged(runtime, worker, english, "Good morning.").comment.status is Status.APPROVED
    assert reason(judged(runtime, worker, english, POLISH))[1] == "language not supported: Polish"
    assert seven.texts == [THREAT]


def test_a_third_language_beside_the_routed_one_is_left_to_a_person(
    runtime: Runtime, worker: Drain
) -> None:
    english, seven = site(runtime, "en"), Seven()
    set_other_languages(runtime, "agora", OtherLanguages.ROUTE, SEVEN)
    worker.reader = replace(worker.reader, other=lambda: seven)
    view = judged(runtime, worker, english, f"{THREAT} {POLISH}")
    assert reason(view) == (ReasonKind.LANGUAGE, "language not supported: Polish")
    assert seven.texts == []


@dataclass
class Away(Seven):
    """Is not there."""

    def classify(self, *_: object, **__: object) -> list[Scores]:
        raise ClassifierUnavailable("nobody answers")


@pytest.mark.parametrize("loaded", [None, Seven(version="seven@2"), Away()])
def test_where_the_other_classifier_is_missing_a_person_decides(
    runtime: Runtime, worker: Drain, loaded: Seven | None
) -> None:
    english = site(runtime, "en")
    set_other_languages(runtime, "agora", OtherLanguages.ROUTE, SEVEN)
    worker.reader = replace(worker.reader, other=lambda: loaded)
    view = judged(runtime, worker, english, THREAT)
    assert reason(view) == (ReasonKind.LANGUAGE, "language not supported: Spanish")
    assert view.decision is not None
    assert view.decision.classifier == registry.version("compact")
