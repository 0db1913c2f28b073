"""Versions of the policy as files to keep."""

from flask import Response

from api.dashboard.access import current_user, one_site
from api.web import web
from moderation.policy_files import write_policy
from moderation.services.policy_versions import versions_for


def policy_file(version: int) -> Response:
    """Send a version of the policy as a file."""
    site = one_site()
    found = versions_for(web().runtime, current_user(), site.id).numbered(version)
    name = f"policy-{site.name}-{version}.yaml"
    return Response(
        write_policy(site.name, found),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
