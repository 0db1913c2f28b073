"""Policies in files: what is written is read again, and nothing is read in two ways."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.ids import PolicyId, SiteId, new_uuid
from moderation.model.labels import Label
from moderation.model.policy import Policy, PublishedPolicy, Threshold
from moderation.model.word_lists import MOST_LISTS
from moderation.policy_files import MAX_BYTES, NoPolicy, read_policy, write_policy
from moderation.policy_files.strict_yaml import parse
from tests.policies import a_policy
from tests.rules import russian_lists

FILE = """\
# The policy of agora, version 3
# Published 2026-11-02 09:00 UTC by Olga
# Why: fewer insults

classifier: compact@1
thresholds:
  threat: {}
  insult:
    flag: 0.8
    reject: 0.95
other_languages:
  action: flag
"""
POLICY = Policy("compact@1", {Label.THREAT: Threshold(), Label.INSULT: Threshold(0.8, 0.95)}, 3)


def published(policy: Policy, reason: str = "fewer insults") -> PublishedPolicy:
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    return PublishedPolicy(
        PolicyId(new_uuid()), SiteId(new_uuid()), policy, None, "Olga", reason, at
    )


def refusal(written: str | bytes) -> str:
    with pytest.raises(NoPolicy) as refused:
        read_policy(written.encode() if isinstance(written, str) else written)
    return str(refused.value)


def test_a_policy_is_written_for_people_and_for_small_diffs() -> None:
    assert write_policy("agora", published(POLICY)) == FILE


@given(policy=a_policy())
def test_what_is_written_is_read_again(policy: Policy) -> None:
    written = write_policy("agora", published(policy)).encode()
    assert replace(read_policy(written), version=policy.version) == policy


def test_long_word_lists_are_read_again() -> None:
    policy = replace(POLICY, word_lists=russian_lists(MOST_LISTS, 60))
    written = write_policy("agora", published(policy)).encode()
    assert replace(read_policy(written), version=policy.version) == policy


@pytest.mark.parametrize("reason", ["a\nclassifier: other@1", "\x1b[2J", "a\r\u2028b", "\u202ex"])
def test_nothing_that_somebody_gave_as_a_reason_is_more_than_a_comment(reason: str) -> None:
    written = write_policy("agora", published(POLICY, reason))
    assert read_policy(written.encode()).classifier == "compact@1"
    assert written.splitlines()[2].startswith("# Why: ")
    assert all(char.isprintable() for line in written.splitlines() for char in line)
    assert len(written.splitlines()) == len(FILE.splitlines())


@pytest.mark.parametrize("before", ["", "\ufeff", "%YAML 1.2\n---\n", "---\n"])
def test_what_editors_put_before_it_does_no_harm(before: str) -> None:
    assert read_policy((before + FILE).encode()).thresholds == POLICY.thresholds


def test_json_is_read_too() -> None:
    assert read_policy(b'{"classifier": "x@1", "thresholds": {"insult": {"flag": 0.5}}}')


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (FILE.replace("flag: 0.8", "flg: 0.8"), "line 9: thresholds.insult.flg: there is no such"),
        (FILE.replace("0.95", "0.7"), "line 8: thresholds.insult: a label must not reject below"),
        (FILE.replace("classifier: compact@1", ""), "line 6: classifier: this field is required"),
        (FILE.replace("0.95", "no"), "line 10: thresholds.insult.reject: write a number"),
        (FILE.replace("reject: 0.95", "flag: 0.95"), "line 10: thresholds.insult.flag stands"),
        (FILE.replace("{}", "&x {}"), "line 7: anchors and aliases are not read"),
        (FILE.replace("{}", "*x"), "line 7: anchors and aliases are not read"),
        (FILE.replace("0.8", "!!float 0.8"), "line 9: tags are not read"),
        (FILE.replace("insult:", "<<: {}\n  insult:"), "line 8: thresholds.<<: there is no such"),
        (FILE.replace("insult:", "? [insult]\n  :"), "line 8: a name must be a text"),
        (FILE + "---\nclassifier: compact@2\n", "line 13: a second document begins here"),
        (FILE.replace("{}", "{"), "line 9: this is no YAML"),
        (FILE + "\x07", "characters that YAML does not allow"),
        ("", "line 1: it must be a mapping"),
        ("# nothing", "line 1: it must be a mapping"),
        ("!!python/object/apply:os.system [id]", "line 1: tags are not read"),
        ("[" * 100_000, "nested too deeply"),
        ("a: " + "{a: " * 1_000, "nested too deeply"),
        (FILE.encode("utf-16"), "it is not in UTF-8"),
        (b"\xff", "it is not in UTF-8"),
        pytest.param(bytes(MAX_BYTES + 1), "it is larger than 4 MiB", id="too large"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(written: str | bytes, said: str) -> None:
    assert said in refusal(written)


def test_every_mistake_has_a_line_of_its_own() -> None:
    wrong = FILE.replace("flag: 0.8", "flg: 0.8").replace("action", "acton")
    assert [line[:8] for line in refusal(wrong).splitlines()] == [
        "line 9: ",
        "line 12:",
        "line 11:",
    ]


@pytest.mark.parametrize("word", ["no", "on", "yes", "12:30", "0x1f", "1_000", "1e5", "08", ".inf"])
def test_a_word_is_a_text_whatever_an_older_yaml_takes_it_for(word: str) -> None:
    assert parse(f"a: {word}").value == {"a": word}


@pytest.mark.parametrize(
    ("word", "value"), [("0.5", 0.5), (".5", 0.5), ("1", 1), ("1.0e-07", 1e-7)]
)
def test_a_number_is_a_number(word: str, value: float) -> None:
    assert parse(f"a: {word}").value == {"a": value}
    assert parse(f"a: '{word}'").value == {"a": word}


@given(st.text() | st.from_regex(r"[-+0-9.eE_:xo~]{1,6}", fullmatch=True))
def test_every_text_that_is_written_is_read_as_that_text(text: str) -> None:
    assert parse(yaml.safe_dump({"a": text}, allow_unicode=True)).value == {"a": text}


@given(
    st.binary() | st.text().map(str.encode) | st.text("{}[]:,-?&*!|>'\"%# \n\ta1.").map(str.encode)
)
def test_no_file_breaks_the_reading(written: bytes) -> None:
    with suppress(NoPolicy):
        read_policy(written)
