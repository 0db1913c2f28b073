"""Civil argument about nations, religions and parties goes through, however sharp it is.

The comments were written before they were scored, and none was changed or left out after.
"""

import pytest

from classifiers import registry
from classifiers.interface import Classifier
from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.policy import decide, first_policy

COMMENTS = """
The minister has now broken three promises on rent in two years. How often does he expect us to
believe him?

Israel's government is wrong to expand the settlements, and Hamas is wrong to fire rockets. Both
things can be said in one sentence.

Russia invaded a neighbour. Calling that a security concern is an insult to the Ukrainians who
buried their children.

I am a Muslim and I do not want religious courts in this country, thank you. Please stop
speaking for us.

Catholic bishops protected abusers for decades. The Church owes the victims the files, not
another prayer.

Republicans say they are for small government until somebody wants to read a library book.

Democrats have governed this city for forty years; at some point the homelessness is theirs.

China jails journalists and our chancellor comes home with a contract for cars. Shameful.

If the Greens had not closed the reactors, we would burn less coal today. That is arithmetic,
not ideology.

American foreign policy in Iraq was a catastrophe, and nobody who voted for it has paid a price.

The author clearly has never met a farmer. This article is lazy and one-sided.

White voters in these counties are poor, too; talking down to them is how you lose elections.

Jewish students should not need a guard to walk to a lecture. What is the university doing?

Feminism is not finished while women are paid less for the same work, and I am tired of being
told to smile about it.

Nonsense. Immigration did not close the hospital, the county board did, by seven votes to two.

Gay couples have been marrying here for ten years and the sky has not fallen on anybody.

The prime minister is incompetent, and his party knows it. Resign.

Turkey is a member of NATO, so its veto is legal. It is also blackmail.

Taxing the rich is not envy. Letting bridges fall down is not freedom.

Black residents are stopped four times as often. Explain that number or change it.
"""
CIVIL = [" ".join(comment.split()) for comment in COMMENTS.split("\n\n")]


@pytest.fixture(scope="module")
def compact() -> Classifier:
    return registry.load("compact")


@pytest.mark.parametrize("comment", CIVIL)
def test_civil_political_argument_is_approved(compact: Classifier, comment: str) -> None:
    (scores,) = compact.classify([comment])
    verdict = decide(Facts(compact.version, scores), first_policy(compact.version))

    assert verdict.action is Action.APPROVE
