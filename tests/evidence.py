"""Evidence in tests: comments that people decided, and policies that reject without any."""

from dataclasses import replace
from itertools import count

from moderation.model.decisions import Action, Source
from moderation.model.ids import CommentId, PolicyId, SiteId, new_uuid
from moderation.model.labels import Label, Scores
from moderation.model.people import User
from moderation.model.policy import Policy
from moderation.runtime import Runtime
from moderation.storage import comments, decisions, policies
from tests.factories import HOSTILE, classify_all, submit

NEARLY_ALWAYS = (198, 2)
"""So many rejected and approved as let a label reject by itself."""

SURELY = HOSTILE | {Label.INSULT: 0.97}

_numbers = count()


def write_policy(runtime: Runtime, site_id: SiteId, policy: Policy) -> int:
    """Put a policy into force that need not be earned; return its version."""
    with runtime.transaction() as connection:
        version = policies.history(connection, site_id)[0].policy.version + 1
        values = policies.from_policy(replace(policy, version=version))
        rest = {"id": PolicyId(new_uuid()), "site_id": site_id, "reason": "another"}
        now = runtime.database_now(connection)
        policies.add(connection, values | rest | {"published_at": now})
    return version


def decided(
    runtime: Runtime, user: User, rejected: int, approved: int, scores: Scores = SURELY
) -> list[CommentId]:
    """Return comments of a person's one site that they decided so, with these scores."""
    [site_id] = user.site_ids
    ids = [
        submit(runtime, site_id, f"decided-{next(_numbers)}").comment_id
        for _ in range(rejected + approved)
    ]
    classify_all(runtime, scores)
    actions = [Action.REJECT] * rejected + [Action.APPROVE] * approved
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        rows = [
            {
                "id": new_uuid(),
                "comment_id": comment_id,
                "site_id": site_id,
                "revision": 1,
                "sequence": 2,
                "action": action,
                "source": Source.MODERATOR,
                "reasons": [],
                "user_id": user.id,
                "decided_at": now,
            }
            for comment_id, action in zip(ids, actions, strict=True)
        ]
        decisions.add_all(connection, rows)
        statuses = [
            {"id": one, "status": action.status, "sequence": 2}
            for one, action in zip(ids, actions, strict=True)
        ]
        comments.set_statuses(connection, statuses)
    return ids
