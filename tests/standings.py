"""Standings in tests: setting them as somebody, and deciding comments of somebody."""

from typing import Any

from moderation.model.comments import Author, Thread
from moderation.model.ids import SiteId
from moderation.model.labels import Scores
from moderation.model.standings import (
    NewStanding,
    Standing,
    StandingChange,
    StandingSource,
    Subject,
    SubjectKind,
)
from moderation.runtime import Runtime
from moderation.services.reading import CommentView, get_comment
from moderation.services.standings import Setter, set_standing
from tests.factories import CIVIL, Agora, classify_all, submit

TROLL = Subject(SubjectKind.AUTHOR, "u-13")
DEBATE = Subject(SubjectKind.THREAD, "article-7")


def give(
    runtime: Runtime,
    agora: Agora,
    standing: Standing,
    subject: Subject = TROLL,
    **fields: Any,  # noqa: ANN401 - fields of NewStanding
) -> StandingChange:
    """Set a standing at Agora, as Alice does."""
    setter = Setter(StandingSource.MODERATOR, agora.alice.id)
    new = NewStanding(subject, standing, **fields)
    change = set_standing(runtime, agora.site_id, new, setter)
    assert change is not None
    return change


def decided(
    runtime: Runtime,
    site_id: SiteId,
    external_id: str,
    scores: Scores = CIVIL,
    **ids: str | None,
) -> CommentView:
    """Return a comment as it is decided; of the troll in the debate, but for the ids given."""
    given = {"author_id": TROLL.id, "thread_id": DEBATE.id} | ids
    author = Author(id=given["author_id"], name="T. Roll")
    thread = Thread(id=given["thread_id"], title="A debate")
    submitted = submit(runtime, site_id, external_id, author=author, thread=thread)
    classify_all(runtime, scores)
    return get_comment(runtime, site_id, submitted.comment_id)
