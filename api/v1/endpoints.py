"""All endpoints of the public API: what is not listed here is neither served nor documented."""

from flask import Blueprint, Flask

from api.gate import Gate
from api.v1 import (
    appeal_comment,
    appeal_comment_by_external_id,
    erase_comment,
    forget_author_standing,
    forget_thread_standing,
    get_author_standing,
    get_comment,
    get_comment_by_external_id,
    get_policy,
    get_policy_version,
    get_thread_standing,
    list_appeals,
    list_decisions,
    list_policy_versions,
    list_reports,
    publish_policy,
    report_comment,
    report_comment_by_external_id,
    roll_back_policy,
    set_author_standing,
    set_thread_standing,
    simulate_policy,
    submit_batch,
    submit_comment,
)
from api.v1.access import guard
from api.v1.waiting import EXTENSION, Seats
from moderation.settings import Settings

PREFIX = "/v1"

OPERATIONS = (
    submit_comment.OPERATION,
    submit_batch.OPERATION,
    get_comment.OPERATION,
    get_comment_by_external_id.OPERATION,
    erase_comment.OPERATION,
    report_comment.OPERATION,
    report_comment_by_external_id.OPERATION,
    list_reports.OPERATION,
    appeal_comment.OPERATION,
    appeal_comment_by_external_id.OPERATION,
    list_appeals.OPERATION,
    list_decisions.OPERATION,
    get_author_standing.OPERATION,
    set_author_standing.OPERATION,
    forget_author_standing.OPERATION,
    get_thread_standing.OPERATION,
    set_thread_standing.OPERATION,
    forget_thread_standing.OPERATION,
    get_policy.OPERATION,
    publish_policy.OPERATION,
    list_policy_versions.OPERATION,
    get_policy_version.OPERATION,
    simulate_policy.OPERATION,
    roll_back_policy.OPERATION,
)


def register(app: Flask, settings: Settings, gate: Gate) -> None:
    """Serve the endpoints; each asks for a key, because the blueprint does."""
    app.extensions[EXTENSION] = Seats(settings.web_threads)
    blueprint = Blueprint("v1", __name__, url_prefix=PREFIX)
    guard(blueprint, gate, {one.view.__name__: one for one in OPERATIONS})
    for operation in OPERATIONS:
        blueprint.add_url_rule(
            operation.path,
            view_func=operation.view,
            methods=[operation.method],
            provide_automatic_options=False,
        )
    app.register_blueprint(blueprint)
