"""Tidying: the log says what was forgotten, of each kind."""

from dataclasses import fields

import pytest
from structlog.testing import capture_logs

from moderation.runtime import Runtime
from moderation.services.retention import Forgotten
from worker import process, tasks


def test_the_log_says_of_each_kind_how_much_was_forgotten(
    held_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "runtime", lambda: held_runtime)
    with capture_logs() as said:
        tasks.tidy()
    [line] = [one for one in said if one["event"] == "tidied"]
    kinds = {field.name for field in fields(Forgotten)} | {"answers", "complaints"}
    assert line.keys() - {"event", "log_level"} == kinds
