"""What docs/webhooks.md tells the developers of a site is true."""

import json
import re
import types
from pathlib import Path
from typing import Any

import pytest

from moderation.runtime import Runtime
from moderation.services.endpoints import add_endpoint, send_test
from moderation.services.sending import claim_due
from tests.factories import Agora, flagged_comment
from tests.sending import PUBLIC
from worker.webhooks import WebhookRequest, make_headers

DOCS = Path(__file__).parents[2] / "docs" / "webhooks.md"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


def shape(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the names and kinds in a JSON value, without what it says."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def claimed_request(runtime: Runtime) -> WebhookRequest:
    (claimed,) = claim_due(runtime, 1)
    return WebhookRequest(
        claimed.url, claimed.message_id, runtime.clock.now(), claimed.body, claimed.secrets
    )


def test_the_documented_message_looks_like_a_real_one(runtime: Runtime, agora: Agora) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    flagged_comment(runtime, agora.site_id)
    real = json.loads(claimed_request(runtime).body)
    assert shape(json.loads(block("json"))) == shape(real)


def test_the_documented_receiver_takes_a_real_message_and_no_other(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = add_endpoint(runtime, agora.site_id, PUBLIC)
    flagged_comment(runtime, agora.site_id)
    request = claimed_request(runtime)
    monkeypatch.setenv("COPYDESK_WEBHOOK_SECRET", added.secret)
    receiver = types.ModuleType("__main__")
    exec(block("python"), receiver.__dict__)  # noqa: S102 - our own documentation
    stored: list[dict[str, Any]] = []
    receiver.__dict__["store"] = stored.append
    client = receiver.__dict__["app"].test_client()
    headers = make_headers(request)
    for body, status in [(request.body, 204), (request.body + b" ", 401)]:
        assert client.post("/copydesk", data=body, headers=headers).status_code == status
    assert client.post("/copydesk", data=request.body).status_code == 401
    assert [one["external_id"] for one in stored] == ["c1"]


def test_the_documented_test_message_is_what_is_sent(runtime: Runtime, agora: Agora) -> None:
    added = add_endpoint(runtime, agora.site_id, PUBLIC)
    send_test(runtime, added.id)
    message = json.loads(claimed_request(runtime).body)
    assert message["type"] in DOCS.read_text()
    assert message["data"] == {"endpoint_id": str(added.id)}
