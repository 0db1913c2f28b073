"""Which comments a bulk is about: by hand, by author, by text, by score."""

from dataclasses import replace

import pytest

from moderation.model.bulks import MOST, Band, Fate, Means, Selection
from moderation.model.comments import Author, Thread
from moderation.model.decisions import Action
from moderation.model.desk import EVERYTHING, Filter
from moderation.model.errors import Forbidden, InvalidInput, NotFound
from moderation.model.ids import CommentId, SiteId, new_uuid
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services import bulk_selecting
from moderation.services.bulk_previewing import preview
from moderation.services.bulks import FIRST, LAST, bulk_page
from moderation.services.moderating import decide_comment
from moderation.services.setting_aside import escalate
from tests.bulks import chosen, fates, flagged, scored
from tests.factories import CLASSIFIER, HOSTILE, NEXT, Agora, classify_all, submit


def selected(runtime: Runtime, user: User, selection: Selection) -> list[CommentId]:
    return list(fates(runtime, preview(runtime, user, selection)))


def band(site_id: SiteId, low: float, high: float, sought: Filter = EVERYTHING) -> Selection:
    found = Band(Label.TOXICITY, low, high, CLASSIFIER)
    return Selection(Means.BAND, site_id=site_id, band=found, sought=sought)


def test_by_author_goes_by_the_sites_id_and_takes_no_name_for_one(
    runtime: Runtime, agora: Agora
) -> None:
    by_id = flagged(runtime, agora.site_id, 3, "a", author=Author(id="bob"))
    named = flagged(runtime, agora.site_id, 2, "b", author=Author(name="bob"))
    flagged(runtime, agora.site_id, 1, "c", author=Author(id="eve"))
    flagged(runtime, agora.other_site_id, 1, "d", author=Author(id="bob"))
    decide_comment(runtime, agora.alice, by_id[2], Action.APPROVE, seen=1)
    assert selected(runtime, agora.alice, Selection(Means.AUTHOR, like=by_id[2])) == by_id[:2]
    assert selected(runtime, agora.alice, Selection(Means.AUTHOR, like=named[0])) == named
    [nobody] = flagged(runtime, agora.site_id, 1, "e")
    with pytest.raises(InvalidInput, match="says nothing"):
        preview(runtime, agora.alice, Selection(Means.AUTHOR, like=nobody))


def test_by_text_makes_no_difference_of_case_and_signs(runtime: Runtime, agora: Agora) -> None:
    texts = ("Buy gold now", "BUY  gold, now!!!", "buy\u200b gold now", "Buy silver now")
    ids = [
        flagged(runtime, agora.site_id, 1, f"{n}-", text=text)[0] for n, text in enumerate(texts)
    ]
    flagged(runtime, agora.other_site_id, 1, text=texts[0])
    found = selected(runtime, agora.alice, Selection(Means.TEXT, like=ids[0]))
    assert sorted(found) == sorted(ids[:3])


def test_by_text_finds_what_waits_behind_a_long_history(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = flagged(runtime, agora.site_id, 9)
    for one in ids[4:]:
        decide_comment(runtime, agora.alice, one, Action.REJECT, seen=1)
    monkeypatch.setattr(bulk_selecting, "TOGETHER", 2)
    found = selected(runtime, agora.alice, Selection(Means.TEXT, like=ids[-1]))
    assert sorted(found) == ids[:4]


def test_by_score_takes_the_lower_edge_in_and_leaves_the_upper_one_out(
    runtime: Runtime, agora: Agora
) -> None:
    ids = scored(runtime, agora.site_id, [0.849, 0.85, 0.87, 0.8799, 0.88, 1.0])
    found = selected(runtime, agora.alice, band(agora.site_id, 0.85, 0.88))
    assert found == [ids[1], ids[3], ids[2]], "the nearest to an edge first"
    assert set(selected(runtime, agora.alice, band(agora.site_id, 0.88, 1))) == {ids[4], ids[5]}


def test_by_score_goes_by_the_newest_scores_of_one_classifier_that_could_read_it(
    runtime: Runtime, agora: Agora
) -> None:
    [edited, _, unread] = scored(runtime, agora.site_id, [0.9, 0.9, 0.9])
    submit(runtime, agora.site_id, "s0", text="A new text.")
    classify_all(runtime, HOSTILE | {Label.TOXICITY: 0.95})
    submit(runtime, agora.site_id, "s2", text="Und das?")
    classify_all(runtime, HOSTILE | {Label.TOXICITY: 0.9}, supported=False)
    found = selected(runtime, agora.alice, band(agora.site_id, 0.85, 0.92))
    assert edited not in found
    assert unread not in found
    assert len(found) == 1
    other = replace(band(agora.site_id, 0, 1), band=Band(Label.TOXICITY, 0.0, 1.0, NEXT))
    with pytest.raises(InvalidInput, match="No comment that waits"):
        preview(runtime, agora.alice, other)


def test_by_score_keeps_to_the_filter(runtime: Runtime, agora: Agora) -> None:
    sport = Thread(section="sport")
    [one] = flagged(runtime, agora.site_id, 1, thread=sport)
    flagged(runtime, agora.site_id, 1, "other")
    sought = Filter(section="sport")
    assert selected(runtime, agora.alice, band(agora.site_id, 0.5, 1, sought)) == [one]
    with pytest.raises(Forbidden):
        preview(runtime, agora.alice, band(agora.site_id, 0.5, 1, Filter(escalated=True)))
    escalate(runtime, agora.alice, one, seen=1)
    sought = Filter(escalated=True)
    assert selected(runtime, agora.olga, band(agora.site_id, 0.5, 1, sought)) == [one]


@pytest.mark.parametrize(("low", "high"), [(0.5, 0.5), (0.6, 0.5), (-1, 0.5), (0.5, 1.01)])
def test_a_band_that_is_none_is_refused(
    runtime: Runtime, agora: Agora, low: float, high: float
) -> None:
    with pytest.raises(InvalidInput, match="a lower to a higher"):
        preview(runtime, agora.alice, band(agora.site_id, low, high))


def test_what_was_chosen_by_hand_must_be_as_it_was_seen(runtime: Runtime, agora: Agora) -> None:
    one, two, three = flagged(runtime, agora.site_id, 3)
    decide_comment(runtime, agora.olga, two, Action.APPROVE, seen=1)
    bulk_id = preview(runtime, agora.alice, chosen(two, one))
    assert fates(runtime, bulk_id) == {one: Fate.WAITING, two: Fate.CHANGED}
    stale = preview(runtime, agora.alice, chosen(three, seen=0))
    assert fates(runtime, stale) == {three: Fate.CHANGED}


def test_nobody_selects_what_they_do_not_see(runtime: Runtime, agora: Agora) -> None:
    [mine] = flagged(runtime, agora.site_id, 1)
    [hidden] = flagged(runtime, agora.other_site_id, 1)
    for selection in (
        chosen(mine, hidden),
        chosen(mine, CommentId(new_uuid())),
        Selection(Means.AUTHOR, like=hidden),
        Selection(Means.TEXT, like=hidden),
        band(agora.other_site_id, 0, 1),
    ):
        with pytest.raises(NotFound):
            preview(runtime, agora.alice, selection)


def test_too_many_and_none_at_all_are_refused(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidInput, match="Select a comment first"):
        preview(runtime, agora.alice, chosen())
    many = chosen(*(CommentId(new_uuid()) for _ in range(MOST + 1)))
    with pytest.raises(InvalidInput, match="more than 5,000"):
        preview(runtime, agora.alice, many)
    ids = flagged(runtime, agora.site_id, 4)
    monkeypatch.setattr(bulk_selecting, "MOST", 3)
    for selection in (Selection(Means.TEXT, like=ids[0]), band(agora.site_id, 0, 1)):
        with pytest.raises(InvalidInput, match="more than"):
            preview(runtime, agora.alice, selection)


def test_a_preview_shows_the_nearest_to_the_edges_or_the_first_and_the_last(
    runtime: Runtime, agora: Agora
) -> None:
    ids = flagged(runtime, agora.site_id, 30)
    bulk_id = preview(runtime, agora.alice, chosen(*ids))
    shown = [card.comment.id for card in bulk_page(runtime, agora.alice, bulk_id).samples]
    assert shown == ids[:FIRST] + ids[-LAST:]
    few = preview(runtime, agora.alice, chosen(*ids[:5]))
    assert len(bulk_page(runtime, agora.alice, few).samples) == 5
    scored(runtime, agora.site_id, [0.5 + n / 100 for n in range(20)])
    near = preview(runtime, agora.alice, band(agora.site_id, 0.5, 0.7))
    samples = bulk_page(runtime, agora.alice, near).samples
    found = [
        meter.score for card in samples for meter in card.meters if meter.label is Label.TOXICITY
    ]
    assert found[:5] == pytest.approx([0.5, 0.51, 0.69, 0.52, 0.68])
    assert len(samples) == FIRST + LAST
