"""What a worker needs to know of the comments that it claimed: text, and who wants what of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from moderation.model.ids import CommentId
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.given import Among
from moderation.storage.heads import heads, is_on
from moderation.storage.policies import policies
from moderation.storage.sites import sites

_c, _p = comments.c, policies.c

_newest = select(func.max(_p.version)).where(_p.site_id == sites.c.id).correlate(sites)
_for_it = _newest.where(_p.classifier == bindparam("classifier"))
_in_force = func.coalesce(_for_it.scalar_subquery(), _newest.scalar_subquery())
# One statement for the whole batch: every comment waits for it.
_BY_IDS = (
    select(
        *(_c.id, _c.text, _c.format, _c.language, sites.c.languages, _p.other_languages),
        heads.c.id.label("head_id"),
    )
    .join(sites, sites.c.id == _c.site_id)
    .outerjoin(heads, (heads.c.site_id == sites.c.id) & is_on)
    .outerjoin(policies, (_p.site_id == sites.c.id) & (_p.version == _in_force))
    .where(Among(_c.id, "ids"))
)


def by_ids(
    connection: Connection, comment_ids: Sequence[CommentId], classifier: str | None
) -> dict[CommentId, Any]:
    """Return each comment's text and languages, and of its site what it does with other languages.

    That is what the policy in force for this classifier version says. And the site's head.
    """
    values = {"ids": comment_ids, "classifier": classifier}
    return {row.id: row for row in connection.execute(_BY_IDS, values)}
