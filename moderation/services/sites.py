"""Sites: adding them, with their first policy, changing them, and switching them off."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from moderation.model.comments import Display, DisplayRules
from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.ids import PolicyId, SiteId, new_uuid
from moderation.model.labels import Label
from moderation.model.languages import DEFAULT, check_languages
from moderation.model.links import check_hosts
from moderation.model.policy import Policy, first_policy
from moderation.model.presets import PRESETS, Preset
from moderation.model.sites import Site, check_cap, check_name, check_title
from moderation.runtime import Runtime
from moderation.storage import audit, policies, sites
from moderation.storage.database import Connection

HOLD_UNTIL_CLEARED = DisplayRules()


def add_site(  # noqa: PLR0913 - one of each that a site has
    runtime: Runtime,
    name: str,
    classifier: str,
    title: str | None = None,
    display_rules: DisplayRules = HOLD_UNTIL_CLEARED,
    *,
    languages: Sequence[str] = DEFAULT,
    labels: Collection[Label] = tuple(Label),
    preset: Preset | None = None,
) -> Site:
    """Add a site with the first policy, bound to this classifier version and the labels it scores.

    It has the limits of the preset.

    Raises InvalidInput, Conflict (the name is taken).
    """
    check_name(name)
    title = check_title(title or name)
    spoken = check_languages(languages)
    with runtime.transaction() as connection:
        if sites.by_name(connection, name) is not None:
            raise Conflict(f"There is a site named {name} already.")
        now = runtime.database_now(connection)
        site = Site(SiteId(new_uuid()), name, title, display_rules, now, languages=spoken)
        _insert(connection, site)
        policy = replace(first_policy(classifier, labels), limits=PRESETS[preset] if preset else {})
        _publish_first_policy(connection, site, policy)
        audit.add(connection, "site-add", now, site_id=site.id, data={"name": name})
    return site


def list_sites(runtime: Runtime) -> list[Site]:
    """Return all sites, by name."""
    with runtime.reading() as connection:
        return [sites.to_site(row) for row in sites.every(connection)]


def find_site(runtime: Runtime, name: str) -> Site:
    """Return the site with this name. Raises NotFound."""
    with runtime.reading() as connection:
        return site_named(connection, name)


def change_site(  # noqa: PLR0913 - one of each that can be changed
    runtime: Runtime,
    name: str,
    title: str | None = None,
    while_pending: Display | None = None,
    while_flagged: Display | None = None,
    *,
    languages: Sequence[str] | None = None,
    moderate_analysed: bool | None = None,
    hosts: Sequence[str] | None = None,
    rejections_an_hour: int | None = None,
) -> Site:
    """Change what is given of a site; it holds for what is decided and answered from then on.

    Raises NotFound, InvalidInput.
    """
    title = None if title is None else check_title(title)
    given = {
        "title": title,
        "while_pending": while_pending,
        "while_flagged": while_flagged,
        "moderate_analysed": moderate_analysed,
        "languages": None if languages is None else list(check_languages(languages)),
        "hosts": None if hosts is None else list(check_hosts(hosts)),
        "rejections_an_hour": None if rejections_an_hour is None else check_cap(rejections_an_hour),
    }
    changes = {column: value for column, value in given.items() if value is not None}
    if not changes:
        raise InvalidInput("Nothing was given that should be changed.")
    return change_columns(runtime, name, "site-set", changes)


def change_columns(runtime: Runtime, name: str, action: str, changes: Mapping[str, Any]) -> Site:
    """Change columns of a site, with an audit entry; without any it stays as it is.

    Raises NotFound.
    """
    with runtime.transaction() as connection:
        site = site_named(connection, name)
        if changes:
            sites.change(connection, site.id, **changes)
            now = runtime.database_now(connection)
            audit.add(connection, action, now, site_id=site.id, data=dict(changes))
        return site_named(connection, name)


def disable_site(runtime: Runtime, name: str) -> Site:
    """Switch a site off: its keys stop working; what it holds is kept. Raises NotFound."""
    with runtime.transaction() as connection:
        site = site_named(connection, name)
        now = runtime.database_now(connection)
        if site.disabled_at is None:
            sites.set_disabled(connection, site.id, now)
            audit.add(connection, "site-disable", now, site_id=site.id)
        return site_named(connection, name)


def enable_site(runtime: Runtime, name: str) -> Site:
    """Switch a site on again. Raises NotFound."""
    with runtime.transaction() as connection:
        site = site_named(connection, name)
        if site.disabled_at is not None:
            sites.set_disabled(connection, site.id, None)
            now = runtime.database_now(connection)
            audit.add(connection, "site-enable", now, site_id=site.id)
        return site_named(connection, name)


def policy_in_force(runtime: Runtime, name: str, classifier: str) -> Policy:
    """Return the policy that now decides about comments with scores by this version.

    Where the site has none for it, its newest policy, which flags them all. Raises NotFound.
    """
    with runtime.reading() as connection:
        wanted = (site_named(connection, name).id, classifier)
        return policies.in_force(connection, [wanted])[wanted]


def site_named(connection: Connection, name: str) -> Site:
    """Return the site with this name inside the caller's transaction. Raises NotFound."""
    row = sites.by_name(connection, name)
    if row is None:
        raise NotFound(f"There is no site named {name}.")
    return sites.to_site(row)


def _insert(connection: Connection, site: Site) -> None:
    sites.add(
        connection,
        id=site.id,
        name=site.name,
        title=site.title,
        while_pending=site.display_rules.while_pending,
        while_flagged=site.display_rules.while_flagged,
        languages=list(site.languages),
        created_at=site.created_at,
    )


def _publish_first_policy(connection: Connection, site: Site, policy: Policy) -> None:
    policies.add(
        connection,
        policies.from_policy(replace(policy, version=1))
        | {
            "id": PolicyId(new_uuid()),
            "site_id": site.id,
            "author_id": None,
            "reason": "The first policy of a new site.",
            "published_at": site.created_at,
        },
    )
