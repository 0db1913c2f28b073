"""Authors and threads, as an operator types them."""

import re

import pytest

from moderation.runtime import Runtime
from moderation.services.sites import find_site
from moderation.services.standings import history_of, standing_of
from tests.commands import Copydesk
from tests.standings import DEBATE, TROLL


@pytest.fixture(autouse=True)
def _agora(copydesk: Copydesk) -> None:
    copydesk("site", "add", "agora")


def test_an_author_is_banned_listed_and_cleared(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    site_id = find_site(cli_runtime, "agora").id
    banned = copydesk("author", "ban", "agora", TROLL.id, "--for", "7d", "--reason", "spam")
    assert re.fullmatch(
        r"Author u-13 of site agora is banned until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.\n", banned.out
    )
    assert re.search(r"u-13 +banned .* operator +spam", copydesk("author", "list", "agora").out)
    trusted = copydesk("author", "trust", "agora", TROLL.id)
    assert trusted.out == "Author u-13 of site agora is trusted.\n"
    assert copydesk("author", "hold", "agora", TROLL.id).status == 0
    assert copydesk("author", "clear", "agora", TROLL.id).status == 0
    assert standing_of(cli_runtime, site_id, TROLL) is None
    assert len(history_of(cli_runtime, site_id, TROLL).changes) == 4
    assert "4 entries removed" in copydesk("author", "forget", "agora", TROLL.id).out
    assert history_of(cli_runtime, site_id, TROLL).changes == ()


def test_a_thread_is_held_for_a_day_and_released(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    site_id = find_site(cli_runtime, "agora").id
    assert copydesk("author", "ban", "agora", TROLL.id).status == 0
    assert " is held until " in copydesk("thread", "hold", "agora", DEBATE.id).out
    held = standing_of(cli_runtime, site_id, DEBATE)
    assert held is not None
    assert held.ends_at is not None
    assert (held.ends_at - held.set_at).total_seconds() == 24 * 3600
    assert re.search(r"article-7 +held", copydesk("thread", "list", "agora").out)
    assert "u-13" not in copydesk("thread", "list", "agora").out
    forever = copydesk("thread", "hold", "agora", DEBATE.id, "--for", "good")
    assert forever.out == "Thread article-7 of site agora is held.\n"
    assert "is ordinary" in copydesk("thread", "release", "agora", DEBATE.id).out
    assert "0 entries removed" in copydesk("thread", "forget", "agora", "another").out
    assert "3 entries removed" in copydesk("thread", "forget", "agora", DEBATE.id).out
    assert "u-13" in copydesk("author", "list", "agora").out


@pytest.mark.parametrize("given", ["", "7", "d", "0d", "-1d", "1.5h", "100000h", "1y", "٣d"])
def test_a_length_of_time_that_is_none_is_refused(copydesk: Copydesk, given: str) -> None:
    assert copydesk("author", "ban", "agora", TROLL.id, "--for", given).status == 2


def test_another_site_and_an_empty_id_are_refused(copydesk: Copydesk) -> None:
    assert "no site named" in copydesk("author", "ban", "nowhere", TROLL.id).err
    assert "1 to 255" in copydesk("author", "ban", "agora", "").err


def test_an_id_plays_no_tricks_on_a_terminal(copydesk: Copydesk) -> None:
    out = (
        copydesk("author", "ban", "agora", "\x1b[2Jx").out + copydesk("author", "list", "agora").out
    )
    assert "\x1b" not in out
    assert "<U+001B>" in out
