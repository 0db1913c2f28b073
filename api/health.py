"""Health: /health/live and /health/ready for probes, /metrics for Prometheus. Open to all."""

from collections.abc import Iterable
from http import HTTPStatus

from flask import Blueprint, Flask, Response, json

from api.web import web
from moderation.model.jobs import Lane
from moderation.services.backlog import Backlog
from moderation.services.gauges import Gauges, check_readiness, measure

PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def register(app: Flask) -> None:
    """Serve the three addresses."""
    blueprint = Blueprint("health", __name__)
    blueprint.add_url_rule("/health/live", view_func=live)
    blueprint.add_url_rule("/health/ready", view_func=ready)
    blueprint.add_url_rule("/metrics", view_func=metrics)
    app.register_blueprint(blueprint)


def live() -> Response:
    """Say that this process answers."""
    return _json({"status": "ok"}, HTTPStatus.OK)


def ready() -> Response:
    """Say whether comments can be accepted: that needs a migrated database, not Redis."""
    found = check_readiness(web().runtime)
    behind = found.database and not found.migrated
    database = "schema is behind" if behind else _word(up=found.database)
    status = HTTPStatus.OK if found.migrated else HTTPStatus.SERVICE_UNAVAILABLE
    parts = {"database": database, "redis": _word(up=found.redis)}
    return _json({"status": _word(up=found.migrated), **parts}, status)


def metrics() -> Response:
    """Count what waits, from the database, at this moment."""
    found = [*_lines(measure(web().runtime)), *_wait(web().backlog.read())]
    lines = "".join(f"{line}\n" for line in found)
    return Response(lines, content_type=PROMETHEUS_TYPE)


def _lines(found: Gauges) -> Iterable[str]:
    yield from _gauge("pending_comments", "Comments without a decision.", found.pending)
    yield from _gauge(
        "oldest_pending_seconds", "Age of the oldest of them.", found.oldest_pending_seconds
    )
    yield from _gauge("open_reviews", "Comments that wait for a person.", found.open_reviews)
    yield from _gauge(
        "oldest_waiting_seconds", "Age of the oldest of them.", found.oldest_waiting_seconds
    )
    yield from _gauge("open_reports", "Reports of readers without an answer.", found.open_reports)
    yield from _gauge("open_appeals", "Appeals of authors without an answer.", found.open_appeals)
    yield "# HELP copydesk_lane_jobs Jobs that nobody has tried yet."
    yield "# TYPE copydesk_lane_jobs gauge"
    for lane, depth in found.lanes.items():
        yield f'copydesk_lane_jobs{{lane="{lane}"}} {depth}'
    yield from _gauge("running_jobs", "Unfinished jobs in their first attempt.", found.running)
    yield from _gauge("retried_jobs", "Unfinished jobs in a later attempt.", found.retried)


def _wait(backlog: Backlog | None) -> Iterable[str]:
    """Say how long it takes at the present speed; no sample where nobody knows yet."""
    yield "# HELP copydesk_wait_seconds How long until what waits now on a lane is decided."
    yield "# TYPE copydesk_wait_seconds gauge"
    for lane in (Lane.LIVE, Lane.BULK):
        wait = 0.0 if backlog is None else backlog.seconds(lane)
        if wait is not None or (backlog is not None and backlog.stands_still):
            yield f'copydesk_wait_seconds{{lane="{lane}"}} {"+Inf" if wait is None else wait}'


def _gauge(name: str, help_text: str, value: float) -> Iterable[str]:
    yield f"# HELP copydesk_{name} {help_text}"
    yield f"# TYPE copydesk_{name} gauge"
    yield f"copydesk_{name} {value}"


def _word(*, up: bool) -> str:
    return "ok" if up else "down"


def _json(body: dict[str, str], status: HTTPStatus) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
