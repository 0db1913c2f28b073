"""Civil argument about nations, religions and parties goes through, however sharp it is.

The comments were written before they were scored, and none was changed or left out after. We want
at most six of them flagged.
"""

from pathlib import Path

from classifiers import registry
from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.policy import first_policy
from moderation.model.verdicts import decide

CIVIL = Path(__file__).parents[2] / "samples" / "civil_politics.txt"
MOST_FLAGGED = 6


def test_civil_political_argument_is_approved() -> None:
    compact = registry.load("compact")
    policy = first_policy(compact.version)
    comments = CIVIL.read_text(encoding="utf-8").splitlines()
    scored = zip(comments, compact.classify(comments), strict=True)
    flagged = [
        comment
        for comment, scores in scored
        if decide(Facts(compact.version, scores), policy).action is not Action.APPROVE
    ]
    assert len(comments) == 300
    assert len(flagged) <= MOST_FLAGGED, flagged
