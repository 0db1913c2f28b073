"""The words that operators read where they tune."""

from api.dashboard.languages import Words, noted
from moderation.model.perspective import ShadowState
from moderation.model.policy import OtherLanguages

OTHER_LANGUAGES = Words(
    {
        OtherLanguages.FLAG: noted("Flag for a person"),
        OtherLanguages.APPROVE: noted("Judge by the scores all the same"),
        OtherLanguages.ROUTE: noted("Judge by another classifier"),
    }
)

SHADOWS = Words(
    {
        ShadowState.ON: noted("On"),
        ShadowState.OFF: noted("Switched off"),
        ShadowState.KEY_REFUSED: noted("Ended, because Perspective refused the key"),
        ShadowState.GONE: noted("Ended, because Perspective answers no more"),
    }
)
