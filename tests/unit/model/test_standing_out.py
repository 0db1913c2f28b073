"""Words that stand out: those that came, not those that are always there, nor those seen once."""

from moderation.model.standing_out import StandsOut, standing_out

USUAL = [{"the", "tram", "is", "late"}, {"the", "mayor", "is", "wrong"}] * 50


def test_what_came_stands_out_and_what_is_always_there_does_not() -> None:
    spike = [{"the", "stadium", "is", "theft"}] * 20 + USUAL[:10]
    found = standing_out(spike, USUAL, 10)
    assert {one.word for one in found} == {"stadium", "theft"}
    assert found[0] == StandsOut(found[0].word, 20, 0)
    assert len(standing_out(spike, USUAL, 1)) == 1


def test_what_was_said_once_or_twice_does_not_stand_out() -> None:
    assert standing_out([{"unheard"}, {"unheard"}, *USUAL], USUAL, 10) == ()


def test_without_anything_to_compare_with_nothing_stands_out() -> None:
    assert standing_out([{"stadium"}] * 20, [], 10) == ()
    assert standing_out([], USUAL, 10) == ()
