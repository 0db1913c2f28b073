import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from moderation.model.errors import NotFound
from moderation.telemetry import REDACTED, configure_logs, describe, without_requests

CANARY = "what Alice wrote"


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def lines() -> Callable[[], list[dict[str, Any]]]:
    stream = io.StringIO()
    configure_logs(as_json=True, stream=stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def _break() -> None:
    raise ValueError(CANARY)


def test_an_event_is_one_line_of_json_with_time_level_and_logger(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    structlog.get_logger("desk").info("comment_decided", comment_id="c1", count=3)
    (line,) = lines()
    assert line.items() >= {"event": "comment_decided", "comment_id": "c1", "count": 3}.items()
    assert (line["level"], line["logger"]) == ("info", "desk")
    assert line["timestamp"].endswith("Z")


def test_private_fields_are_redacted_at_any_depth(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    structlog.get_logger().warning(
        "odd", text=CANARY, sent={"Authorization": "Bearer 1", "inner": {"password": CANARY}}
    )
    (line,) = lines()
    assert line["text"] == REDACTED
    assert line["sent"] == {"Authorization": REDACTED, "inner": {"password": REDACTED}}


def test_an_exception_is_logged_without_its_words(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    try:
        _break()
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("library").exception("it failed")
    ours, foreign = lines()
    for line in (ours, foreign):
        assert line["error"] == "ValueError"
        assert "test_telemetry.py" in line["trace"][-1]
        assert CANARY not in json.dumps(line)
    assert foreign["event"] == "it failed"


def test_a_failed_task_is_named_and_its_exception_kept_quiet(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    context = {"name": "classify", "id": "t1", "exc": repr(ValueError(CANARY))}
    try:
        _break()
    except ValueError:
        logging.getLogger("celery.app.trace").exception(
            "Task %(name)s[%(id)s] raised unexpected: %(exc)s", context, extra={"data": context}
        )
    (line,) = lines()
    assert (line["event"], line["task"], line["id"]) == ("task_failed", "classify", "t1")
    assert CANARY not in json.dumps(line)


def test_an_error_of_ours_may_speak_and_names_its_cause() -> None:
    error = NotFound("There is no such site.")
    error.__cause__ = ValueError(CANARY)
    assert describe(error) == "NotFound: There is no such site. (from ValueError)"


@pytest.mark.parametrize("as_json", [True, False])
def test_nobody_can_forge_a_second_line(*, as_json: bool) -> None:
    stream = io.StringIO()
    configure_logs(as_json=as_json, stream=stream)
    logging.getLogger("web").warning("GET /\r\n{} \x1b[2J \u2028")
    structlog.get_logger("web").warning("seen", name="a\r\nb\x1b[2J\u2028")
    assert len(stream.getvalue().splitlines()) == 2
    assert "\x1b[2J" not in stream.getvalue()


def test_the_servers_own_lines_do_not_quote_a_request() -> None:
    said = io.StringIO()
    server = logging.getLogger("a server of this test")
    server.propagate = False
    server.setLevel(logging.INFO)
    server.addHandler(logging.StreamHandler(said))
    server.addFilter(without_requests)
    server.warning(f"Invalid request from ip=::1: Invalid HTTP request line: '{CANARY}'")
    try:
        _break()
    except ValueError:
        server.exception("Error handling request %s %s", "GET", f"/?key={CANARY}")
    server.info("Listening at: %s", "http://127.0.0.1:1")
    assert said.getvalue().splitlines() == [
        "Invalid request from ip=::1",
        "Error in a request: ValueError",
        "Listening at: http://127.0.0.1:1",
    ]
