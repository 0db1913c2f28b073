"""Several classifiers as one: label by label the mean of what they say."""

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifiers.digests import SHOWN_DIGITS
from classifiers.entry import Entry
from classifiers.fetches import Progress
from classifiers.interface import Classifier, nothing
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label, Scores

NAME = "ensemble"

EDGE = 1e-6
"""Scores nearer to 0 or 1 count as this near: no member alone outvotes all others."""

LONGEST = 540.0
"""Seconds that all may take for a batch; a lease of ten minutes has to outlast it."""


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Scores each text by every member.

    What one of them cannot read, or does not know the language of, counts as such: its scores would
    be noise in every mean.
    """

    members: tuple[Classifier, ...]

    @property
    def version(self) -> str:
        """Name and digest of the members' versions, as in `ensemble@3f0c2a9b71de`."""
        return _version(member.version for member in self.members)

    @property
    def labels(self) -> frozenset[Label]:
        """The labels that any member scores."""
        return frozenset().union(*(member.labels for member in self.members))

    @property
    def languages(self) -> frozenset[str]:
        """The languages that all members know."""
        return frozenset.intersection(*(member.languages for member in self.members))

    def can_read(self, text: str) -> bool:
        """Say whether all members can read this text."""
        return all(member.can_read(text) for member in self.members)

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        """Score each text; see `Classifier.classify`."""
        by_member = [member.classify(texts, between=between) for member in self.members]
        return [mean(of_text) for of_text in zip(*by_member, strict=True)]


def mean(scores: Sequence[Scores]) -> Scores:
    """Return the mean logit of each label, over those who score it, as a score."""
    labels = [label for label in Label if any(label in one for one in scores)]
    return {label: _mean([one[label] for one in scores if label in one]) for label in labels}


def _mean(scores: Sequence[float]) -> float:
    logits = [math.log(score / (1.0 - score)) for score in map(_off_the_edge, scores)]
    return 1.0 / (1.0 + math.exp(-math.fsum(logits) / len(logits)))


def _off_the_edge(score: float) -> float:
    return min(max(score, EDGE), 1.0 - EDGE)


def member_names(options: ClassifierOptions) -> tuple[str, ...]:
    """Return the members' names. Raises NotConfigured where they make no ensemble."""
    names = tuple(dict.fromkeys(options.ensemble))
    if NAME in names:
        raise NotConfigured("COPYDESK_ENSEMBLE names the ensemble itself")
    if len(names) < 2:  # noqa: PLR2004 - one is no ensemble
        raise NotConfigured(
            "COPYDESK_ENSEMBLE does not name two classifiers or more, "
            "such as compact,detoxify:unbiased-small@int8"
        )
    return names


def entry(members: Mapping[str, Entry]) -> Entry:
    """Return what the registry knows of the ensemble of these. Raises NotConfigured."""
    entries = tuple(members.values())
    time_limit = sum(member.time_limit for member in entries)
    if time_limit > LONGEST:
        raise NotConfigured(
            f"the members of COPYDESK_ENSEMBLE may take {time_limit:.0f} s for a batch: "
            f"more than {LONGEST:.0f} s"
        )
    return Entry(
        load=lambda: Ensemble(tuple(member.load() for member in entries)),
        version=lambda: _version(member.version() for member in entries),
        check=lambda: _check(members),
        labels=lambda: frozenset().union(*(member.labels() for member in entries)),
        languages=lambda: frozenset.intersection(*(member.languages() for member in entries)),
        time_limit=time_limit,
        batch_characters=min(member.batch_characters for member in entries),
        fetch=lambda models, origin: _fetch(entries, models, origin),
        on_gpu=any(member.on_gpu for member in entries),
    )


def _version(versions: Iterator[str]) -> str:
    digest = hashlib.sha256("\n".join(sorted(versions)).encode()).hexdigest()
    return f"{NAME}@{digest[:SHOWN_DIGITS]}"


def _check(members: Mapping[str, Entry]) -> None:
    for member in members.values():
        member.check()
    if not frozenset.intersection(*(member.languages() for member in members.values())):
        raise NotConfigured(f"there is no language that {' and '.join(members)} all know")


def _fetch(entries: Sequence[Entry], models: Path, origin: str | None) -> Iterator[Progress]:
    if origin is not None:
        raise NotConfigured("a mirror holds one model: fetch the members one by one from theirs")
    for member in entries:
        if member.fetch:
            yield from member.fetch(models, None)
