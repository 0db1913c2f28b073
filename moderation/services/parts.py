"""Parts of the queue: what of it a person is given, and what of that they may decide."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from moderation.model.desk import EVERYTHING, Filter, Onlooker
from moderation.model.errors import Forbidden
from moderation.model.ids import SiteId
from moderation.model.people import User
from moderation.model.reviews import PATIENCE
from moderation.runtime import Runtime
from moderation.services.deciders import judged_by_others
from moderation.services.preferences import opt_out_of
from moderation.storage import claims
from moderation.storage.claims import Taker
from moderation.storage.database import Connection
from moderation.storage.queue import Part


def seen_by(user: User, site_ids: Collection[SiteId]) -> list[SiteId]:
    """Leave out sites that are not theirs: whoever asks for one learns nothing of it."""
    return [site_id for site_id in site_ids if user.sees(site_id)]


def part_for(
    runtime: Runtime,
    connection: Connection,
    user: User,
    site_ids: Collection[SiteId],
    sought: Filter,
) -> Part:
    """Return what passes a filter and is not left to colleagues. Raises Forbidden.

    What they have already, and what waits for operators, is left to nobody.
    """
    now = runtime.database_now(connection)
    part = part_of(connection, user, site_ids, sought, now)
    opt_out = opt_out_of(runtime, user)
    all_of_it = sought.mine or sought.escalated or opt_out is None
    left = None if all_of_it and not sought.opted_out else sought.opted_out
    return replace(part, opt_out=opt_out, left=left)


def part_of(
    connection: Connection, user: User, site_ids: Collection[SiteId], sought: Filter, now: datetime
) -> Part:
    """Return what passes a filter for this person at this moment. Raises Forbidden."""
    if sought.escalated and not user.is_operator:
        raise Forbidden("What was escalated waits for operators.")
    theirs = claims.theirs(connection, site_ids, Taker(user.id, now))
    handed = tuple(review_id for review_id, is_handed in theirs.items() if is_handed)
    onlooker = Onlooker(user.id, now)
    # Who leaves nothing to colleagues finds nothing there, instead of everything.
    left = True if sought.opted_out else None
    return Part(sought, onlooker, now - PATIENCE, frozenset(theirs), handed, left=left)


def part_to_decide(
    runtime: Runtime,
    connection: Connection,
    user: User,
    site_ids: Collection[SiteId],
    sought: Filter,
) -> Part:
    """Return of a part what is not for others to judge, as an appeal against this very person.

    Raises Forbidden.
    """
    part = part_for(runtime, connection, user, site_ids, sought)
    return part.apart_from(judged_by_others(connection, user, site_ids))


def all_to_decide(
    runtime: Runtime, connection: Connection, user: User, site_ids: Collection[SiteId]
) -> list[Part]:
    """Return whatever somebody may decide: what waits for everybody, and for operators."""
    sought = [EVERYTHING, Filter(escalated=True)] if user.is_operator else [EVERYTHING]
    return [part_to_decide(runtime, connection, user, site_ids, one) for one in sought]
