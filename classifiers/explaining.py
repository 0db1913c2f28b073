"""Explaining: which words raised the scores, found by leaving words out and scoring what is left.

It is an approximation. It tells what moved the classifier, not whether that was right; words that
say something only together, or the same thing twice, can be missed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from classifiers.interface import Classifier, nothing
from classifiers.words import words_of
from moderation.model.labels import Label, Scores
from moderation.model.marks import Mark

PASSAGE_WORDS = 60
PASSAGE_CHARACTERS = 400
"""What is longer is halved until it is not, and each part is scored by itself."""

MOST_PASSAGES = 3
"""In which words are looked for: those furthest over a threshold."""

PHRASE_WORDS = 6
"""So many words are left out together first, and only where that tells, one by one."""

MOST_PHRASES = 4
"""In one passage: those that tell most."""

MOST_PASSES = MOST_PASSAGES * (PASSAGE_WORDS // PHRASE_WORDS + MOST_PHRASES * PHRASE_WORDS)
"""With something left out, whatever the text is."""

MARKED = 0.5
"""The weight from which a word is marked: there marks agree best with people's."""

_SURE = 1 - 1e-6
"""Scores above cannot be told apart by their odds."""

Words = Sequence[slice]
"""Neighbours, by their places in the whole text."""


def explain(
    classifier: Classifier,
    text: str,
    thresholds: Mapping[Label, float],
    *,
    between: Callable[[], None] = nothing,
) -> tuple[Mark, ...]:
    """Return the words that raised the scores of these labels most; none where none stands out.

    Sorted, in code points of the text, and not overlapping for one label. The weight is the share
    of the label's odds, score / (1 - score), that goes when the word goes.

    Costs one pass for each passage of the text and at most MOST_PASSES more. A pass is to classify
    up to PASSAGE_CHARACTERS, or one longer word. `between` is as in `Classifier.classify`.
    """
    search = _Search(classifier, thresholds, between)
    ranked = sorted(search.passages(text), key=_Passage.highest, reverse=True)
    looked_into = [passage for passage in ranked if passage.highest() >= 0] or ranked[:1]
    return tuple(sorted(chain.from_iterable(map(search.marks, looked_into[:MOST_PASSAGES]))))


@dataclass(frozen=True, slots=True)
class _Passage:
    """A part of a text; `over` says how far each label's score is over its threshold."""

    text: str
    words: Words
    scores: Scores
    over: Mapping[Label, float]

    def highest(self) -> float:
        return max(self.over.values())

    def without(self, words: Words) -> str:
        """Return it without these words, and what stands between them."""
        start = self.words[0].start
        return self.text[: words[0].start - start] + self.text[words[-1].stop - start :]

    def weights(self, left: Scores) -> dict[Label, float]:
        """Return how much of each label's odds is gone where these scores are left."""
        raised = [label for label, excess in self.over.items() if excess >= 0] or self.over
        return {label: _gone(self.scores[label], left[label]) for label in raised}


@dataclass(frozen=True, slots=True)
class _Search:
    classifier: Classifier
    thresholds: Mapping[Label, float]
    between: Callable[[], None]

    def passages(self, text: str) -> Iterator[_Passage]:
        """Cut a text into passages and score each."""
        parts = list(_halved(words_of(text)))
        texts = [text[words[0].start : words[-1].stop] for words in parts]
        for part, words, scores in zip(texts, parts, self._scores(texts), strict=True):
            over = {label: scores[label] - line for label, line in self.thresholds.items()}
            yield _Passage(part, words, scores, over)

    def marks(self, passage: _Passage) -> Iterator[Mark]:
        """Yield the words of a passage that raised its scores."""
        for [word], weights in self._left_out(passage, [[word] for word in self._likely(passage)]):
            for label, weight in weights.items():
                if weight >= MARKED:
                    yield Mark(word.start, word.stop, label, round(weight, 2))

    def _likely(self, passage: _Passage) -> Words:
        """Return the words of the phrases that tell; all words where they are few."""
        words = passage.words
        if len(words) <= 2 * PHRASE_WORDS:
            return words
        phrases = [words[at : at + PHRASE_WORDS] for at in range(0, len(words), PHRASE_WORDS)]
        told = [(max(w.values()), phrase) for phrase, w in self._left_out(passage, phrases)]
        told.sort(key=lambda one: one[0], reverse=True)
        return [w for weight, phrase in told[:MOST_PHRASES] if weight >= MARKED for w in phrase]

    def _left_out(
        self, passage: _Passage, parts: Sequence[Words]
    ) -> Iterator[tuple[Words, dict[Label, float]]]:
        """Yield each of these parts of a passage with its weights."""
        left = self._scores([passage.without(part) for part in parts])
        return zip(parts, map(passage.weights, left), strict=True)

    def _scores(self, texts: Sequence[str]) -> list[Scores]:
        return self.classifier.classify(texts, between=self.between)


def _halved(words: Words) -> Iterator[Words]:
    if len(words) > PASSAGE_WORDS or (
        len(words) > 1 and words[-1].stop - words[0].start > PASSAGE_CHARACTERS
    ):
        middle = len(words) // 2
        yield from _halved(words[:middle])
        yield from _halved(words[middle:])
    elif words:
        yield words


def _gone(score: float, left: float) -> float:
    """Return the share of a score's odds that is gone, from 0 to 1."""
    score, left = min(score, _SURE), min(left, _SURE)
    return max(0.0, 1 - left / (1 - left) * (1 - score) / score) if score else 0.0
