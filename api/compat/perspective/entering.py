"""Entering moderation: analysed comments become comments of the site, where it wants that."""

import structlog

from api.compat.perspective.access import access
from api.compat.perspective.messages import AnalyzeCommentRequest
from api.compat.texts import MOST_OF_A_NAME, replace_nul
from api.web import web
from moderation.model.comments import Format, NewComment, digest_text
from moderation.model.errors import Erased, StaleRevision
from moderation.model.languages import first_primary

log = structlog.get_logger()


def enter_moderation(request: AnalyzeCommentRequest, text: str, written: Format) -> None:
    """Accept the comment of a request like one that was posted. Raises StorageUnavailable.

    Whoever sends the same again adds nothing; another text under the same token is a new revision.
    """
    new = NewComment(
        external_id=_external_id(request.client_token, text),
        text=text,
        format=written,
        language=first_primary(request.languages or ()),
    )
    try:
        web().intake.submit(access().site_id, new)
    except (Erased, StaleRevision) as error:
        # It was withdrawn here, or is older than what is here: scores are wanted all the same.
        log.info("analysed_not_entered", reason=error.code)


def _external_id(client_token: str | None, text: str) -> str:
    """Return the site's own id where it is one, else one that the same text gets again."""
    if client_token and len(client_token) <= MOST_OF_A_NAME:
        return replace_nul(client_token)
    return f"analysed:{digest_text(text)}"
