"""A shadow that has word lists, or stands beside overrides, is told what both would do."""

from moderation.model.comments import Status, Thread
from moderation.model.decisions import Action, ReasonKind
from moderation.model.labels import Label
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import FIRST_THRESHOLDS, Threshold
from moderation.runtime import Runtime
from moderation.services.reading import get_comment
from moderation.services.reproducing import reproduce
from moderation.services.shadow_reports import read_report
from moderation.services.shadows import start_shadow
from moderation.services.tuning import Draft, publish, read_tuning
from tests.factories import CIVIL, Agora, submit
from tests.rules import RUDE, publish_rules
from tests.shadows import decide_live, score_for_shadows, see_both, shadow_of_the_next


def test_the_words_of_its_lists_are_looked_for_and_decide_nothing(
    runtime: Runtime, agora: Agora
) -> None:
    see_both(runtime)
    publish_rules(runtime, agora)
    draft = Draft(FIRST_THRESHOLDS, "fewer birds", 2, word_lists=(RUDE,))
    start_shadow(runtime, agora.olga, agora.site_id, draft)
    made = submit(runtime, agora.site_id, "c1", text="my canary sings").comment_id
    decide_live(runtime)
    assert get_comment(runtime, agora.site_id, made).comment.status is Status.APPROVED
    found = read_report(runtime, agora.site_id)
    assert found is not None
    assert (found.beside.live.flagged, found.beside.shadow.flagged) == (0, 1)
    live, shadow = found.beside.stopped_for[ReasonKind.WORD_LIST]
    assert (live.number, shadow.number) == (0, 1)
    assert not reproduce(runtime, agora.site_id).other


def test_what_only_a_place_stops_is_told_beside_another_classifier(
    runtime: Runtime, agora: Agora
) -> None:
    shadow_of_the_next(runtime, agora)
    seen = read_tuning(runtime, agora.olga, agora.site_id).newest
    line = {Label.OBSCENE: Threshold(flag=0.5)}
    sport = Pattern(PlaceKind.SECTION, "sport")
    publish(runtime, agora.olga, agora.site_id, Draft(line, "children", seen, pattern=sport))
    submit(runtime, agora.site_id, "c1", thread=Thread("t1", section="sport"))
    # Without a score for what has a line in that place alone.
    decide_live(runtime, {one: score for one, score in CIVIL.items() if one is not Label.OBSCENE})
    score_for_shadows(runtime)
    found = read_report(runtime, agora.site_id)
    assert found is not None
    assert found.beside.live.flagged == 1
    assert set(found.beside.differences) == {(Action.FLAG, Action.APPROVE)}
