"""What stood for Perspective's thresholds on strangers' comments: rough, for a first day.

What the API answered for TOXICITY on 9,857 comments of ordinary talk pages of Wikipedia
(ipavlopoulos/context_toxicity), about 1 % of them toxic, beside our own classifier.
docs/classifiers/translating.md says how they were found.
"""

from dataclasses import dataclass

CLASSIFIER = "compact@c18cfd0825a8+cleaning1"
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
    Estimate(0.5, 234, 0.21, 0.19, 0.24, 0.29),
    Estimate(0.6, 140, 0.37, 0.33, 0.45, 0.49),
    Estimate(0.7, 81, 0.62, 0.55, 0.69, 0.66),
    Estimate(0.75, 55, 0.74, 0.68, 0.78, 0.69),
    Estimate(0.8, 39, 0.79, 0.74, 0.85, 0.74),
    Estimate(0.85, 24, 0.87, 0.80, 0.93, 0.87),
    Estimate(0.9, 19, 0.91, 0.84, 0.95, 0.87),
    Estimate(0.95, 6, 0.96, 0.93, 0.99, 0.93),
)
