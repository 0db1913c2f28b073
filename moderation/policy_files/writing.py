"""Policies into files that differ only where the policies do."""

from collections.abc import Iterator
from datetime import UTC

import yaml

from moderation.model.policy import PublishedPolicy
from moderation.model.policy_document import document_of


def write_policy(site: str, published: PublishedPolicy) -> str:
    """Return a version of a site's policy as a file, with a heading for people."""
    body = yaml.safe_dump(
        document_of(published.policy), sort_keys=False, allow_unicode=True, width=100
    )
    return "\n".join((*_heading(site, published), "", body))


def _heading(site: str, one: PublishedPolicy) -> Iterator[str]:
    at = f"{one.published_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    for told in (
        f"The policy of {site}, version {one.policy.version}",
        f"Published {at} by {one.author_name or 'the installation'}",
        f"Why: {one.reason}",
    ):
        yield f"# {_on_one_line(told)}"


def _on_one_line(told: str) -> str:
    visible = (char if char.isprintable() else " " for char in told)
    return " ".join("".join(visible).split())
