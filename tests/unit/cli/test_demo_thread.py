"""The thread that `copydesk demo` posts: what the demonstration promises to show."""

from collections import Counter

import pytest

from api.v1.comment_input import CommentInput
from moderation.cli.demo_client import read_thread

THREAD = read_thread()


def test_it_has_about_sixty_comments_of_every_kind() -> None:
    assert 55 <= len(THREAD) <= 65
    kinds = Counter(comment["kind"] for comment in THREAD)
    wanted = (
        "civil insult shouting politics religion nations taxes attack threat masked spam scripts "
        "emoji markup invisible long"
    )
    assert set(kinds) == set(wanted.split())


@pytest.mark.parametrize("comment", THREAD, ids=lambda comment: comment["external_id"])
def test_the_intake_takes_each(comment: dict[str, object]) -> None:
    CommentInput.model_validate({name: v for name, v in comment.items() if name != "kind"})


def test_answers_come_after_what_they_answer() -> None:
    seen: set[str] = set()
    for comment in THREAD:
        assert comment.get("parent_external_id", comment["external_id"]) in {
            comment["external_id"],
            *seen,
        }
        assert comment["external_id"] not in seen
        seen.add(comment["external_id"])


def test_one_answers_an_answer() -> None:
    parents = {c["external_id"]: c.get("parent_external_id") for c in THREAD}
    assert any(parent and parents[parent] for parent in parents.values())


def test_one_has_five_thousand_characters() -> None:
    assert max(len(comment["text"]) for comment in THREAD) == 5000
