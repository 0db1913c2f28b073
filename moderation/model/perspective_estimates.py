"""What stood for Perspective's thresholds on strangers' comments: rough, for a first day.

What the API answered for TOXICITY on 9,857 comments of ordinary talk pages of Wikipedia
(ipavlopoulos/context_toxicity), about 1 % of them toxic, beside our own classifier.
docs/classifiers/translating.md says how they were found.
"""

from dataclasses import dataclass

CLASSIFIER = "compact@5cb4ca47be35+cleaning1"
"""For other versions the figures mean nothing."""

COMMENTS = 9_857


@dataclass(frozen=True, slots=True)
class Estimate:
    """One threshold of Perspective's, how many comments it flagged, and which of ours did so.

    `low` and `high` hold it with 95 % confidence; `best` agreed most.
    """

    old: float
    flagged: int
    same_share: float
    low: float
    high: float
    best: float


TOXICITY = (
    Estimate(0.5, 234, 0.20, 0.17, 0.24, 0.30),
    Estimate(0.6, 140, 0.39, 0.32, 0.43, 0.42),
    Estimate(0.7, 81, 0.62, 0.56, 0.68, 0.56),
    Estimate(0.75, 55, 0.73, 0.67, 0.75, 0.67),
    Estimate(0.8, 39, 0.77, 0.74, 0.83, 0.83),
    Estimate(0.85, 24, 0.87, 0.80, 0.91, 0.92),
    Estimate(0.9, 19, 0.88, 0.83, 0.94, 0.95),
    Estimate(0.95, 6, 0.96, 0.92, 0.98, 0.98),
)
