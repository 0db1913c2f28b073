import json
import shlex
import subprocess

import pytest
from pydantic import SecretStr

from moderation.embedded.greeting import greeting
from moderation.settings import Settings

FIRST = {
    "email": "admin@localhost",
    "password": "abcde-fghij",
    "site": "demo",
    "key": "cd_12345678_secret",
}
LATER = dict.fromkeys(FIRST)


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key=SecretStr("s" * 40), port=8123)


def test_the_first_greeting_holds_all_that_is_shown_once(settings: Settings) -> None:
    lines = list(greeting(settings, FIRST))
    assert len(lines) <= 14  # one more says that it is starting
    text = "\n".join(lines)
    for needed in ("http://127.0.0.1:8123/", *FIRST.values()):
        assert needed in text or needed == "demo"


def test_the_curl_line_can_be_pasted(settings: Settings) -> None:
    (line,) = [line for line in greeting(settings, FIRST) if "curl" in line]
    words = shlex.split(line)
    assert words[0] == "curl"
    assert "http://127.0.0.1:8123/v1/comments" in words
    assert "Authorization: Bearer cd_12345678_secret" in words
    assert json.loads(words[-1]).keys() == {"external_id", "text"}


def test_a_later_curl_line_takes_the_key_from_the_shell(settings: Settings) -> None:
    lines = list(greeting(settings, LATER))
    assert len(lines) <= 14
    (line,) = [line for line in lines if "curl" in line]
    shell = f"curl() {{ printf '%s\\n' \"$@\"; }}\nexport COPYDESK_KEY=cd_12345678_secret\n{line}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)  # noqa: S603, S607 - as somebody would paste it
    assert "Authorization: Bearer cd_12345678_secret" in done.stdout.splitlines()


def test_a_later_greeting_says_how_to_get_new_ones(settings: Settings) -> None:
    text = "\n".join(greeting(settings, LATER))
    assert "copydesk user reset" in text
    assert "copydesk key add demo" in text
    assert "None" not in text
