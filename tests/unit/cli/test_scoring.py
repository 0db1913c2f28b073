"""Scoring one comment after the other, whatever one of them does to the classifier."""

from collections.abc import Callable, Sequence

import pytest
import typer

from classifiers.interface import nothing
from moderation.cli.comment_files import Comment
from moderation.cli.scoring import score_each
from moderation.cli.skipped import Skipped
from moderation.model.errors import ClassifierUnavailable
from moderation.model.labels import Label, Scores


class Brittle:
    """Breaks at a word."""

    version = "brittle@1"
    labels = frozenset({Label.INSULT})
    languages = frozenset({"en"})

    def can_read(self, text: str) -> bool:
        return text != "unreadable"

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        if "poison" in texts:
            raise ArithmeticError(texts)
        if "late" in texts:
            raise ClassifierUnavailable("nobody answers")
        between()
        return [{Label.INSULT: 0.5} for _ in texts]


def test_a_comment_that_breaks_the_classifier_is_skipped_and_not_quoted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    comments = [Comment(at, text) for at, text in enumerate(("a", "poison", "unreadable"), 1)]
    skipped = Skipped()
    scored = list(score_each(Brittle(), comments, skipped))
    assert [(comment.text, facts.readable) for comment, facts in scored] == [
        ("a", True),
        ("unreadable", False),
    ]
    assert all(facts.classifier == "brittle@1" for _, facts in scored)
    with pytest.raises(typer.Exit):
        skipped.end()
    assert capsys.readouterr().err == (
        "copydesk: line 2 made the classifier fail (ArithmeticError)\n"
        "copydesk: 1 line was skipped\n"
    )


def test_a_classifier_that_is_away_ends_the_work() -> None:
    skipped = Skipped()
    with pytest.raises(ClassifierUnavailable):
        list(score_each(Brittle(), [Comment(1, "late")], skipped))
    assert skipped.count == 0
