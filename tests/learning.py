"""Builders: a community among whom swearing is friendly, and what its moderators decided."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from moderation.model.classification import Facts
from moderation.model.comments import NewComment
from moderation.model.decisions import Action, Source
from moderation.model.ids import CommentId, new_uuid
from moderation.model.labels import Label
from moderation.model.learning import Judged, Parts, parted
from moderation.runtime import Runtime
from moderation.services.intake import submit_in
from moderation.storage import decisions
from tests.factories import HOSTILE, Agora, classify_all

CLASSIFIER = "compact@test"
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)

FRIENDLY = ("haha {word} mate see you", "great game {word} legend", "{word} love this lads")
UNFRIENDLY = ("nobody wants {word} here leave", "shut up {word} trash", "{word} deserves nothing")
WORDS = ("you bastard", "you idiot", "you muppet", "stupid git")


def judged(number: int, text: str, *, rejected: bool, insult: float = 0.9) -> Judged:
    """Return a decision on one comment more."""
    scores = {Label.TOXICITY: min(insult + 0.05, 1.0), Label.INSULT: insult}
    return Judged(
        comment_id=CommentId(UUID(int=number)),
        revision=1,
        rejected=rejected,
        facts=Facts(CLASSIFIER, scores),
        written_at=BEGAN + timedelta(minutes=number),
        text=text,
    )


def decided_community(runtime: Runtime, agora: Agora, many: int = 600) -> list[CommentId]:
    """Let a site's people decide on such comments, all of which the classifier flags."""
    parts = community(many)
    ids = []
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        for n, one in enumerate(parts.all):
            at = now - timedelta(minutes=many - n)
            new = NewComment(external_id=f"l{n}", text=one.text, created_at=at)
            ids.append(submit_in(connection, now, "compact", agora.site_id, new).comment_id)
    classify_all(runtime, HOSTILE)
    decide(
        runtime, agora, {one: judged.rejected for one, judged in zip(ids, parts.all, strict=True)}
    )
    return ids


def decide(runtime: Runtime, agora: Agora, rejected: Mapping[CommentId, bool]) -> None:
    """Note decisions of Alice's, all at once."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        rows = [_row(agora, one, now, reject=reject) for one, reject in rejected.items()]
        decisions.add_all(connection, rows)


def take_back(runtime: Runtime, agora: Agora, comment_id: CommentId) -> None:
    """Note that she took her decision back."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        [made] = [one for one in decisions.of(connection, comment_id) if one.user_id]
        row = _row(agora, comment_id, now, reject=False)
        decisions.add_all(connection, [row | {"sequence": 3, "undoes": made.id}])


def _row(agora: Agora, comment_id: CommentId, now: datetime, *, reject: bool) -> dict[str, Any]:
    return {
        "id": new_uuid(),
        "comment_id": comment_id,
        "site_id": agora.site_id,
        "revision": 1,
        "sequence": 2,
        "action": Action.REJECT if reject else Action.APPROVE,
        "source": Source.MODERATOR,
        "reasons": [],
        "user_id": agora.alice.id,
        "imported": False,
        "decided_at": now,
    }


def community(many: int = 600, seed: int = 1) -> Parts:
    """Return decisions of moderators who let friends swear at each other, and tell bullies off."""
    source = random.Random(seed)  # noqa: S311 - nothing secret
    found = []
    for number in range(many):
        rejected = source.random() < 0.4
        template = source.choice(UNFRIENDLY if rejected else FRIENDLY)
        text = template.format(word=source.choice(WORDS))
        found.append(judged(number, text, rejected=rejected, insult=source.uniform(0.81, 0.99)))
    return parted(found)
