"""Policies: immutable numbered versions; for each classifier version the newest is in force."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    select,
    union,
)

from moderation.model.decisions import Action
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.measures import Limit, Measure
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import OtherLanguages, Override, Policy, PublishedPolicy, Threshold
from moderation.model.word_lists import WordList
from moderation.storage.database import Connection, insert_or_skip
from moderation.storage.given import Among
from moderation.storage.schema import id_column, json_column, metadata, moment, reference
from moderation.storage.users import users

policies = Table(
    "policies",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    Column("version", Integer, nullable=False),
    Column("classifier", String(100), nullable=False),
    json_column("thresholds"),
    Column("other_languages", JSON, nullable=False, server_default='{"action": "flag"}'),
    # A list, in which the first that fits a place counts.
    Column("overrides", JSON, nullable=False, server_default="[]"),
    Column("limits", JSON, nullable=False, server_default="{}"),
    Column("word_lists", JSON, nullable=False, server_default="[]"),
    reference("author_id", "users", nullable=True),
    Column("reason", Text, nullable=False),
    moment("published_at"),
    UniqueConstraint("site_id", "version"),
    Index("ix_policies_site_id_classifier_version", "site_id", "classifier", "version"),
)

_c = policies.c
_with_name = select(policies, users.c.name.label("author_name")).outerjoin(
    users, users.c.id == _c.author_id
)
_newest = select(_c.site_id, func.max(_c.version).label("version")).where(
    Among(_c.site_id, "site_ids")
)
_newest_for_each = _newest.where(Among(_c.classifier, "classifiers"))
# Every batch asks, so it is one statement for all sites and classifiers.
_chosen = union(
    _newest.group_by(_c.site_id), _newest_for_each.group_by(_c.site_id, _c.classifier)
).subquery()
_IN_FORCE = (
    select(policies)
    .join(_chosen, (_chosen.c.site_id == _c.site_id) & (_chosen.c.version == _c.version))
    .order_by(_c.version)
)


def add(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Publish a version; False if somebody else has just published the same number."""
    statement = insert_or_skip(connection, policies).values(**values).returning(_c.id)
    return connection.execute(statement).one_or_none() is not None


def in_force(
    connection: Connection, wanted: Collection[tuple[SiteId, str]]
) -> dict[tuple[SiteId, str], Policy]:
    """Return the policy in force at each of these sites for scores of a classifier version.

    Where a site has none for it, its newest policy: that one flags what others scored.
    """
    values = {"site_ids": {site for site, _ in wanted}, "classifiers": {of for _, of in wanted}}
    found = [(row.site_id, to_policy(row)) for row in connection.execute(_IN_FORCE, values)]
    newest = dict(found)
    own = {(site_id, policy.classifier): policy for site_id, policy in found}
    return {pair: own.get(pair) or newest[pair[0]] for pair in wanted}


def history(connection: Connection, site_id: SiteId) -> list[PublishedPolicy]:
    """Return every version of a site's policy, newest first."""
    rows = connection.execute(_with_name.where(_c.site_id == site_id).order_by(_c.version.desc()))
    return [_to_published(row) for row in rows]


def published_since(
    connection: Connection, site_id: SiteId, since: datetime
) -> list[tuple[int, datetime]]:
    """Return the versions of a site's policy from a moment on, each with when it was published."""
    wanted = select(_c.version, _c.published_at).where(
        _c.site_id == site_id, _c.published_at >= since
    )
    rows = connection.execute(wanted.order_by(_c.version))
    return [(row.version, row.published_at) for row in rows]


def from_thresholds(thresholds: Mapping[Label, Threshold]) -> dict[str, Any]:
    """Turn thresholds into what is stored."""
    return {
        label.value: {"flag": threshold.flag, "reject": threshold.reject}
        for label, threshold in thresholds.items()
    }


def from_policy(policy: Policy) -> dict[str, Any]:
    """Turn a policy into the columns that say what it does."""
    return {
        "version": policy.version,
        "classifier": policy.classifier,
        "thresholds": from_thresholds(policy.thresholds),
        "other_languages": _from_other_languages(policy),
        "overrides": list(map(_from_override, policy.overrides)),
        "limits": {
            measure.value: {"number": limit.number, "action": limit.action.value}
            for measure, limit in policy.limits.items()
        },
        "word_lists": [
            {"name": one.name, "action": one.action.value, "entries": list(one.entries)}
            for one in policy.word_lists
        ],
    }


def _from_override(override: Override) -> dict[str, Any]:
    pattern = override.pattern
    return {pattern.kind: pattern.name, "thresholds": from_thresholds(override.thresholds)}


def _from_other_languages(policy: Policy) -> dict[str, Any]:
    """Turn what a policy does with other languages into what is stored."""
    stored: dict[str, Any] = {"action": policy.other_languages.value}
    if policy.route is not None:
        stored["classifier"] = policy.route.classifier
        stored["thresholds"] = from_thresholds(policy.route.thresholds)
    return stored


def to_policy(row: Row[Any]) -> Policy:
    """Turn a whole row into the value."""
    return replace(
        without_rules(row),
        limits=_to_limits(row.limits),
        word_lists=to_word_lists(row.word_lists),
    )


def to_word_lists(stored: Iterable[Mapping[str, Any]]) -> tuple[WordList, ...]:
    """Turn what is stored of word lists into the values."""
    return tuple(map(_to_word_list, stored))


def without_rules(row: Row[Any]) -> Policy:
    """Turn what a row says of scores and languages into the value."""
    action = OtherLanguages(row.other_languages["action"])
    return Policy(
        classifier=row.classifier,
        thresholds=_to_thresholds(row.thresholds),
        version=row.version,
        other_languages=action,
        route=_to_route(row.other_languages) if action is OtherLanguages.ROUTE else None,
        overrides=tuple(map(_to_override, row.overrides)),
    )


def _to_limits(stored: Mapping[str, Any]) -> dict[Measure, Limit]:
    return {
        Measure(name): Limit(one["number"], Action(one["action"])) for name, one in stored.items()
    }


def _to_word_list(stored: Mapping[str, Any]) -> WordList:
    return WordList(stored["name"], Action(stored["action"]), tuple(stored["entries"]))


def _to_route(stored: Mapping[str, Any]) -> Policy:
    return Policy(stored["classifier"], _to_thresholds(stored["thresholds"]))


def _to_override(stored: Mapping[str, Any]) -> Override:
    [kind] = [kind for kind in PlaceKind if kind in stored]
    return Override(Pattern(kind, stored[kind]), _to_thresholds(stored["thresholds"]))


def _to_thresholds(stored: Mapping[str, Any]) -> dict[Label, Threshold]:
    return {Label(name): Threshold(**numbers) for name, numbers in stored.items()}


def _to_published(row: Row[Any]) -> PublishedPolicy:
    return PublishedPolicy(
        id=row.id,
        site_id=row.site_id,
        policy=to_policy(row),
        author_id=row.author_id,
        author_name=row.author_name,
        reason=row.reason,
        published_at=row.published_at,
    )
