"""The whole story of tuning: 50,000 comments, a look, a line dragged, a version, and back again."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Copydesk, operated
from tests.e2e.desk import sign_in
from tests.e2e.spreading import insult
from tests.installation import environment, wait_until

pytestmark = pytest.mark.browser

MANY = 50_000
EVERY = 40
"""Of so many comments one was decided where they come from: a person rejects from .7 on."""
LINE = 0.6
POLICIES = "SELECT version, json_extract(thresholds, '$.insult.flag') FROM policies ORDER BY id"


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Copydesk]:
    """Run everything, with a classifier that costs nothing."""
    with operated(tmp_path, "tests.e2e.spreading_worker") as made:
        yield made


def test_an_archive_is_imported_a_line_dragged_published_obeyed_and_rolled_back(
    newsroom: Copydesk, page: Page, tmp_path: Path
) -> None:
    texts = import_archive(newsroom, tmp_path / "archive.jsonl")
    sign_in(page, newsroom.base_url)
    page.get_by_role("link", name="Thresholds").click()
    told = page.locator("#told")
    expect(told).to_contain_text(f"{over(texts, 0.8):,}")

    drag(page, to=LINE)
    chosen = float(page.get_by_label("Flag from, insult", exact=True).input_value())
    assert chosen == pytest.approx(LINE, abs=0.02)
    expect(told).to_contain_text(f"{over(texts, chosen):,}")
    expect(page.locator("#simulated")).to_contain_text("approved now, would wait for a person")
    assert newsroom.installation.rows(POLICIES) == [(1, 0.8)]

    page.get_by_label("Why you change them").fill("We miss half of the insults.")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.locator(".banner")).to_contain_text("Version 2 is in force")
    between = next(text for text in map(str, range(MANY)) if chosen < insult(text) < 0.8)
    assert decision_on(newsroom, between) == ("flag", 2)

    page.get_by_role("button", name="Roll back to version 1").click()
    expect(page.locator(".banner")).to_contain_text("Version 3 is in force")
    assert newsroom.installation.rows(POLICIES) == [(1, 0.8), (2, chosen), (3, 0.8)]
    assert decision_on(newsroom, between) == ("approve", 3)


def over(texts: list[str], line: float) -> int:
    return sum(insult(text) >= line for text in texts)


def import_archive(copydesk: Copydesk, file: Path) -> list[str]:
    """Import comments of the last four weeks, and have all of them scored; return their texts."""
    now, texts = datetime.now(UTC), [f"Comment number {number}." for number in range(MANY)]
    with file.open("w") as lines:
        for number, text in enumerate(texts):
            at = now - timedelta(days=27) * (MANY - number) / MANY
            line = {"external_id": f"old-{number}", "text": text, "created_at": at.isoformat()}
            if number % EVERY == 0:
                line["decision"] = "reject" if insult(text) >= 0.7 else "approve"
            lines.write(json.dumps(line) + "\n")
    assert f"{MANY - MANY // EVERY:,}" in command(copydesk, "import", str(file), "--site", "agora")
    wait_until(copydesk.installation.all_decided)
    assert f"{MANY // EVERY:,}" in command(copydesk, "rescore", "agora")
    return texts


def command(copydesk: Copydesk, *words: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        [str(Path(sys.executable).with_name("copydesk")), *words],
        env=os.environ | environment(copydesk.installation.settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def drag(page: Page, to: float) -> None:
    """Take the handle of the line over the insults' histogram, and pull it."""
    handle = page.get_by_label("Flag from, insult, as a line")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    start = float(handle.input_value())
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * to, middle, steps=8)
    page.mouse.up()
    expect(page.locator("#told")).to_contain_text(re.compile("instead of"))


def decision_on(copydesk: Copydesk, text: str) -> tuple[str, int]:
    """Post a comment, and return what became of it under which version."""
    desk = copydesk.installation
    answer = desk.post("/v1/comments", {"external_id": os.urandom(8).hex(), "text": text})
    assert answer.status == 202, answer.body
    wait_until(desk.all_decided)
    last = "SELECT action, policy_version FROM decisions ORDER BY id DESC LIMIT 1"
    [(action, version)] = desk.rows(last)
    return action, version
