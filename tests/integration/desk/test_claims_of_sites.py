"""Who holds comments of two sites, and looks at one of them, gets that one's."""

from moderation.model.desk import EVERYTHING
from moderation.model.people import Role
from moderation.runtime import Runtime
from moderation.services.handing_out import hand_out
from tests.factories import Agora, flagged_comment, make_user


def test_what_somebody_holds_elsewhere_is_not_handed_out_here(
    runtime: Runtime, agora: Agora
) -> None:
    both = [agora.site_id, agora.other_site_id]
    nora = make_user(runtime, "Nora", Role.MODERATOR, *both)
    flagged_comment(runtime, agora.site_id, "here")
    flagged_comment(runtime, agora.other_site_id, "there")
    first = hand_out(runtime, nora, both, EVERYTHING)
    assert first.card
    assert first.coming
    for site_id, name in zip(both, ("here", "there"), strict=True):
        again = hand_out(runtime, nora, [site_id], EVERYTHING)
        assert again.card
        assert again.card.comment.external_id == name
        assert again.coming is None
