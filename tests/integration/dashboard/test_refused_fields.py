"""What is wrong with a field is said at the field too, for people who hear the page."""

import re

from flask import Flask

from moderation.runtime import Runtime
from moderation.services.people import create_password_link
from tests.factories import Agora, flagged_comment
from tests.integration.dashboard.conftest import PASSWORD, Browser


def refused(page: str) -> dict[str, str]:
    """Return what describes each field that counts as invalid, by the field's name."""
    found = {}
    for field in re.findall(r"<input\b[^>]*aria-invalid=\"true\"[^>]*>", page):
        [name] = re.findall(r'name="([^"]+)"', field)
        [ids] = re.findall(r'aria-describedby="([^"]+)"', field)
        texts = [re.search(rf'id="{one}"[^>]*>([^<]+)<', page) for one in ids.split()]
        assert all(texts), ids
        found[name] = " ".join(text[1] for text in texts if text)
    return found


def test_a_threshold_that_cannot_be_is_described(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    flagged_comment(runtime, agora.site_id)
    olga.get("/thresholds")
    page = olga.post("/thresholds", 422, do="preview", flag_insult="high", flag_threat="7").text
    wrong = refused(page)
    assert set(wrong) == {"flag_insult", "reject_insult", "flag_threat", "reject_threat"}
    assert "write a number" in wrong["flag_insult"]
    assert "above 0" in wrong["flag_threat"]


def test_a_password_that_cannot_be_is_described_at_the_right_field(alice: Browser) -> None:
    assert refused(alice.get("/password").text) == {}
    [old] = refused(alice.post("/password", 422, old="wrong", new="x" * 12).text).items()
    assert old[0] == "old"
    assert "present password" in old[1]
    [new] = refused(alice.post("/password", 422, old=PASSWORD, new="short").text).items()
    assert new[0] == "new"
    assert "Use between 12" in new[1]
    assert "At least 12" in new[1]


def test_so_is_one_that_a_link_may_not_set(app: Flask, runtime: Runtime, agora: Agora) -> None:
    link = f"/password/{create_password_link(runtime, agora.alice.id)}"
    browser = Browser(app)
    assert refused(browser.get(link).text) == {}
    wrong = refused(browser.post(link, 422, new="short").text)
    assert "Use between 12" in wrong["new"]
