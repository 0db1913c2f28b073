"""Sites, people, keys and the installation, as an operator types them."""

import re
from pathlib import Path

import pytest

from moderation.cli import main
from moderation.model.errors import Unauthenticated
from moderation.model.presets import PRESETS, Preset
from moderation.progress import Mark
from moderation.runtime import Runtime
from moderation.services.api_keys import authenticate
from moderation.services.sign_in import password_link_owner
from moderation.services.sites import policy_in_force
from tests.commands import Copydesk, ended


def test_a_site_is_added_listed_and_switched_off(copydesk: Copydesk) -> None:
    assert (
        copydesk("site", "add", "agora", "--title", "Agora", "--while-pending", "show").status == 0
    )
    listed = copydesk("site", "list").out
    assert re.search(r"agora +Agora +en +show +hold", listed)
    assert copydesk("site", "disable", "agora").status == 0
    assert re.search(r"agora .* UTC .* UTC", copydesk("site", "list").out)
    assert copydesk("site", "enable", "agora").status == 0


def test_a_site_begins_with_the_limits_of_a_preset(
    copydesk: Copydesk, cli_runtime: Runtime
) -> None:
    for name, preset in (("agora", ("--preset", "blog")), ("boule", ())):
        added = copydesk("site", "add", name, *preset).out
        version = re.search(r"thresholds are for (\S+)\.", added)
        assert version is not None
        expected = PRESETS[Preset.BLOG] if preset else {}
        assert policy_in_force(cli_runtime, name, version[1]).limits == expected
    assert "Invalid value" in copydesk("site", "add", "circus", "--preset", "circus").err


def test_a_site_is_changed_later(copydesk: Copydesk) -> None:
    copydesk("site", "add", "agora", "--title", "Agora", "--while-pending", "show")
    changed = copydesk("site", "set", "agora", "--while-flagged", "show", "--title", "Agora!")
    assert changed.out == (
        "Site agora: Agora!, in English, pending comments show, flagged comments show, at most "
        "60 rejections an hour without a person.\n"
    )
    assert copydesk("site", "set", "agora", "--while-pending", "hold").status == 0
    assert re.search(r"agora +Agora! +en +hold +show", copydesk("site", "list").out)
    assert (
        "comments are moderated too." in copydesk("site", "set", "agora", "--moderate-analysed").out
    )
    assert "moderated" not in copydesk("site", "set", "agora", "--no-moderate-analysed").out
    assert "at most 0 rej" in copydesk("site", "set", "agora", "--rejections-an-hour", "0").out
    assert "Take 0 to" in copydesk("site", "set", "agora", "--rejections-an-hour", "-1").err
    assert "Nothing was given" in copydesk("site", "set", "agora").err


def test_a_sites_rules_for_complaints_are_shown_and_changed(copydesk: Copydesk) -> None:
    copydesk("site", "add", "agora")
    shown = copydesk("site", "complaints", "agora").out
    assert "look from 1 reports on, look again from 5 on" in shown
    changed = copydesk("site", "complaints", "agora", "--review-from", "3", "--appeal-days", "30")
    assert "look from 3 reports on, look again from 5 on" in changed.out
    assert "appeal for 30 days" in changed.out
    assert copydesk("site", "complaints", "agora", "--reopen-from", "0").status == 1


def test_a_site_s_hosts_are_set_listed_and_taken_away(copydesk: Copydesk) -> None:
    copydesk("site", "add", "agora")
    both = ("--host", "News.example", "--host", "m.news.example")
    assert "links to news.example m.news.example." in copydesk("site", "set", "agora", *both).out
    assert re.search("agora +agora +en +news.example", copydesk("site", "list").out)
    assert "A host is a full name" in copydesk("site", "set", "agora", "--host", "a/b").err
    assert "links to" not in copydesk("site", "set", "agora", "--host", "").out


def test_a_person_gets_a_link_that_works(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    copydesk("site", "add", "agora")
    added = copydesk("user", "add", "alice@example.org", "--name", "Alice", "--site", "agora")
    assert added.status == 0
    base = cli_runtime.settings.base_url
    (token,) = re.findall(rf"^{re.escape(base)}/password/(\S+)$", added.out, re.MULTILINE)
    assert password_link_owner(cli_runtime, token).email == "alice@example.org"
    assert re.search(r"alice@example.org +Alice +moderator +agora", copydesk("user", "list").out)
    assert f"{base}/password/" in copydesk("user", "reset", "alice@example.org").out
    assert copydesk("user", "disable", "alice@example.org").status == 0
    assert "disabled" in copydesk("user", "reset", "alice@example.org").err


def test_a_person_may_see_several_sites(copydesk: Copydesk) -> None:
    for name in ("agora", "boule"):
        copydesk("site", "add", name)
    sites = ("--site", "boule", "--site", "agora")
    copydesk("user", "add", "olga@example.org", "--name", "Olga", "--role", "operator", *sites)
    assert re.search(r"operator +agora boule", copydesk("user", "list").out)


def test_a_person_gets_other_sites_and_another_role(copydesk: Copydesk) -> None:
    for name in ("agora", "boule"):
        copydesk("site", "add", name)
    alice = "alice@example.org"
    copydesk("user", "add", alice, "--name", "Alice", "--site", "agora")
    assert copydesk("user", "join", alice, "boule").out == f"{alice} sees: agora boule.\n"
    assert copydesk("user", "leave", alice, "agora").out == f"{alice} sees: boule.\n"
    assert copydesk("user", "role", alice, "operator").out == f"{alice} is operator now.\n"
    assert re.search(r"operator +boule", copydesk("user", "list").out)
    assert "at least one site" in copydesk("user", "leave", alice, "boule").err
    assert copydesk("user", "role", alice, "admin").status == 0
    assert copydesk("user", "join", alice, "agora").out == f"{alice} sees: all.\n"


def test_a_key_works_until_it_is_switched_off(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    copydesk("site", "add", "agora")
    key = copydesk("key", "add", "agora", "--name", "blog").out.splitlines()[-1]
    assert authenticate(cli_runtime, f"Bearer {key}").site_name == "agora"
    prefix = key.rsplit("_", 1)[0]
    listed = copydesk("key", "list", "agora").out
    assert re.search(rf"{prefix} +blog", listed)
    assert key not in listed
    assert copydesk("key", "disable", "agora", prefix).status == 0
    with pytest.raises(Unauthenticated):
        authenticate(cli_runtime, f"Bearer {key}")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("site", "disable", "nowhere"), "no site named nowhere"),
        (("site", "add", "Not A Name"), "small letters"),
        (("user", "add", "nonsense", "--name", "x"), "e-mail address"),
        (("site", "set", "nowhere", "--title", "x"), "no site named nowhere"),
        (("user", "reset", "nobody@example.org"), "nobody with the address"),
        (("user", "join", "nobody@example.org", "nowhere"), "nobody with the address"),
        (("user", "role", "nobody@example.org", "admin"), "nobody with the address"),
        (("key", "add", "nowhere"), "no site"),
        (("webhook", "list", "nowhere"), "no site named nowhere"),
        (("webhook", "redeliver", "7"), "An id looks like"),
        (("demo",), "no site"),
    ],
)
def test_what_cannot_be_done_is_one_line_on_stderr(
    copydesk: Copydesk, words: tuple[str, ...], complaint: str
) -> None:
    result = copydesk(*words)
    assert result.status == 1
    assert complaint in result.err
    assert result.err.startswith("copydesk: ")
    assert result.err.count("\n") == 1
    assert result.out == ""


def test_a_misspelt_command_is_not_a_traceback(copydesk: Copydesk) -> None:
    result = copydesk("sit", "list")
    assert result.status == 2
    assert "No such command" in result.err


def test_an_endpoint_is_registered_with_a_secret(
    copydesk: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    copydesk("site", "add", "agora")
    refused = copydesk("webhook", "add", "agora", "http://127.0.0.1:9/")
    assert (refused.status, refused.out) == (1, "")
    assert "COPYDESK_WEBHOOK_ALLOW_HTTP" in refused.err
    monkeypatch.setenv("COPYDESK_WEBHOOK_ALLOW_HTTP", "true")
    refused = copydesk("webhook", "add", "agora", "http://127.0.0.1:9/")
    assert "COPYDESK_WEBHOOK_ALLOWED_NETWORKS" in refused.err
    monkeypatch.setenv("COPYDESK_WEBHOOK_ALLOWED_NETWORKS", '["127.0.0.0/8"]')
    added = copydesk("webhook", "add", "agora", "http://127.0.0.1:9/", "--description", "blog")
    assert added.out.splitlines()[-1].startswith("whsec_")
    listed = copydesk("webhook", "list", "agora").out
    (endpoint_id,) = re.findall(r"^ *(\S+) +http://127\.0\.0\.1:9/ +blog", listed, re.MULTILINE)
    assert copydesk("webhook", "disable", endpoint_id).status == 0
    assert "enable it first" in copydesk("webhook", "test", endpoint_id).err
    assert copydesk("webhook", "enable", endpoint_id).status == 0
    assert copydesk("webhook", "failed", "agora").status == 0


def test_health_says_what_answers(copydesk: Copydesk, monkeypatch: pytest.MonkeyPatch) -> None:
    well = copydesk("health")
    assert well.status == 0
    assert "pending   0" in well.out
    monkeypatch.setenv("COPYDESK_REDIS_URL", "redis://127.0.0.1:1/0")
    unwell = copydesk("health")
    assert unwell.status == 1
    assert re.search(r"redis +does not answer", unwell.out)


def test_health_asks_workers_for_their_progress(
    copydesk: Copydesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_VAR", str(tmp_path))
    nobody = copydesk("health", "worker")
    assert (nobody.status, "No worker has left a mark" in nobody.out) == (1, True)
    Mark(tmp_path, "retry").begin(60)
    assert copydesk("health", "worker").out.startswith("retry is well: ")
    assert "There is no worker valkey" in copydesk("health", "worker", "valkey").err


def test_the_database_is_migrated_by_a_command(
    environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "copydesk migrate" in ended(("site", "list"), capsys).err
    assert ended(("migrate",), capsys).out == "The database is migrated.\n"
    assert ended(("migrate",), capsys).out == "The database was current already.\n"
    assert ended(("site", "list"), capsys).status == 0
    assert (environment / "copydesk.sqlite3").exists()


def test_a_folder_without_an_installation_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COPYDESK_SECRET_KEY", raising=False)
    monkeypatch.delenv("COPYDESK_REDIS_URL", raising=False)
    monkeypatch.setenv("COPYDESK_VAR", str(tmp_path / "nothing"))
    result = ended(("site", "list"), capsys)
    assert "There is no installation here" in result.err
    assert not (tmp_path / "nothing").exists()


def test_a_database_that_does_not_answer_is_one_line_and_its_reason(
    copydesk: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_DATABASE_URL", "sqlite:////nowhere/copydesk.sqlite3")
    result = copydesk("site", "list")
    assert result.status == 1
    assert "The database does not answer" in result.err
    assert "unable to open" in result.err


@pytest.mark.parametrize("group", [(), ("site",), ("user",), ("key",), ("webhook",), ("import",)])
def test_every_group_of_commands_explains_itself(
    group: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([*group, "--help"])
    assert left.value.code == 0
    assert "Usage" in capsys.readouterr().out
