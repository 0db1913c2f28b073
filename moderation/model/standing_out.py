"""Words that stand out: which some texts have more often than others, beyond chance.

Log-odds with an informative Dirichlet prior: Monroe, Colaresi and Quinn (2008), "Fightin' Words",
Political Analysis 16(4), 372-403. What is rare everywhere is held back by the prior, and what is
common everywhere by its being common.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log, sqrt

PRIOR = 50.0
"""So many words the prior weighs: a word must come some times before it is believed."""

LEAST_TIMES = 3
LEAST_Z = 1.96
"""Of a normal distribution, 95 % lies within so many standard deviations."""


@dataclass(frozen=True, slots=True)
class StandsOut:
    """A word, and how many of the texts have it, and of those that they are compared with."""

    word: str
    times: int
    before: int


def standing_out(
    texts: Iterable[set[str]], others: Iterable[set[str]], most: int
) -> tuple[StandsOut, ...]:
    """Return the words that the texts have beyond chance, those first that stand out most."""
    here, there = _count(texts), _count(others)
    total, total_there = here.total(), there.total()
    if not total or not total_there:
        return ()
    scored = []
    for word, times in here.items():
        prior = PRIOR * (times + there[word]) / (total + total_there)
        ours, theirs = times + prior, there[word] + prior
        difference = _log_odds(ours, total + PRIOR) - _log_odds(theirs, total_there + PRIOR)
        z = difference / sqrt(1 / ours + 1 / theirs)
        if times >= LEAST_TIMES and z > LEAST_Z:
            scored.append((z, StandsOut(word, times, there[word])))
    return tuple(one for _, one in sorted(scored, key=lambda pair: (-pair[0], pair[1].word))[:most])


def _count(texts: Iterable[set[str]]) -> Counter[str]:
    """Count in how many texts each word is: who repeats a word a hundred times counts once."""
    found: Counter[str] = Counter()
    for words in texts:
        found.update(words)
    return found


def _log_odds(times: float, total: float) -> float:
    return log(times / (total - times))
