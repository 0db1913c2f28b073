"""Explaining: which words raised the scores, found by scoring phrases without them, and them alone.

It is an approximation. It tells what moved the classifier, not whether that was right; words that
say something only together, or only with what stands further off, can be missed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifiers.interface import Classifier, nothing
from classifiers.words import words_of
from moderation.model.labels import Label, Scores
from moderation.model.marks import Mark

PASSAGE_WORDS = 60
PASSAGE_CHARACTERS = 400
"""What is longer is halved until it is not, and each part is scored by itself."""

MOST_PASSAGES = 4
"""That are looked into: those furthest over a threshold."""

PHRASE_WORDS = 10
"""A passage is cut into phrases of at most so many words, at the ends of sentences where it can be.

By itself each tells what it says, also where others say the same.
"""

SHORTEST_PHRASE = 5
"""Short sentences are put together until there are so many words."""

MOST_PHRASES = 8
"""That are looked into, of all passages together."""

MOST_PASSES = MOST_PASSAGES * PASSAGE_WORDS // SHORTEST_PHRASE + 2 * MOST_PHRASES * PHRASE_WORDS
"""After the passages, whatever the text is."""

MARKED = 0.9
"""The weight from which a word is marked: there marks agree best with people's."""

_SURE = 1 - 1e-6
"""Scores above cannot be told apart by their odds."""

_SENTENCE_END = re.compile(r"[.!?;:\n…]")

Words = Sequence[slice]
"""Neighbours, by their places in the text."""


def explain(
    classifier: Classifier,
    text: str,
    thresholds: Mapping[Label, float],
    *,
    between: Callable[[], None] = nothing,
) -> tuple[Mark, ...]:
    """Return the words that raised the scores of these labels most; none where none stands out.

    Sorted, in code points of the text, and not overlapping for one label. The weight is the share
    of a phrase's odds, score / (1 - score), that goes when the word goes. Of two insults either is
    enough: where a word is over the threshold alone, its share of the score counts, if it is more.

    Costs one pass for each passage of a long text and at most MOST_PASSES more. A pass is to
    classify up to PASSAGE_CHARACTERS, or one longer word. `between` is as in `Classifier.classify`.
    """
    search = _Search(classifier, text, thresholds, between)
    passages = list(_passages(words_of(text)))
    if len(passages) > MOST_PASSAGES:
        passages = [part.words for part in search.furthest_over(passages, MOST_PASSAGES)]
    phrases = [phrase for passage in passages for phrase in _phrases(text, passage)]
    found = search.furthest_over(phrases, MOST_PHRASES)
    return tuple(sorted(mark for phrase in found for mark in search.marks(phrase)))


@dataclass(frozen=True, slots=True)
class _Part:
    """Some words by themselves; `over` says how far each score is over its threshold."""

    words: Words
    scores: Scores
    over: Mapping[Label, float]

    def highest(self) -> float:
        return max(self.over.values())

    def raised(self) -> Iterable[Label]:
        """Return the labels that are over their thresholds here; all where none is."""
        return [label for label, excess in self.over.items() if excess >= 0] or self.over


@dataclass(frozen=True, slots=True)
class _Search:
    classifier: Classifier
    text: str
    thresholds: Mapping[Label, float]
    between: Callable[[], None]

    def furthest_over(self, parts: Sequence[Words], most: int) -> list[_Part]:
        """Score parts of the text; return those over a threshold, or else the highest."""
        scored = self._scores([self.text[words[0].start : words[-1].stop] for words in parts])
        found = sorted(map(self._part, parts, scored), key=_Part.highest, reverse=True)
        return [part for part in found if part.highest() >= 0][:most] or found[:1]

    def marks(self, phrase: _Part) -> Iterator[Mark]:
        """Yield the words of a phrase that its scores need, or that are enough for them."""
        text, words = self.text, phrase.words
        start, end = words[0].start, words[-1].stop
        without = self._scores([text[start : word.start] + text[word.stop : end] for word in words])
        alone = self._scores([text[word] for word in words])
        for word, left, own in zip(words, without, alone, strict=True):
            for label in phrase.raised():
                weight = _gone(phrase.scores[label], left[label])
                if own[label] >= self.thresholds[label]:
                    weight = max(weight, min(own[label] / phrase.scores[label], 1.0))
                if weight >= MARKED:
                    yield Mark(word.start, word.stop, label, round(weight, 2))

    def _part(self, words: Words, scores: Scores) -> _Part:
        over = {label: scores[label] - line for label, line in self.thresholds.items()}
        return _Part(words, scores, over)

    def _scores(self, texts: Sequence[str]) -> list[Scores]:
        return self.classifier.classify(texts, between=self.between)


def _passages(words: Words) -> Iterator[Words]:
    if len(words) > PASSAGE_WORDS or (
        len(words) > 1 and words[-1].stop - words[0].start > PASSAGE_CHARACTERS
    ):
        middle = len(words) // 2
        yield from _passages(words[:middle])
        yield from _passages(words[middle:])
    elif words:
        yield words


def _phrases(text: str, words: Words) -> Iterator[Words]:
    begun = 0
    for at, word in enumerate(words, 1):
        last = at == len(words)
        ends = last or _SENTENCE_END.search(text, word.stop, words[at].start)
        if last or at - begun == PHRASE_WORDS or (ends and at - begun >= SHORTEST_PHRASE):
            yield words[begun:at]
            begun = at


def _gone(score: float, left: float) -> float:
    """Return the share of a score's odds that is gone, from 0 to 1."""
    return max(0.0, 1 - _odds(left) / _odds(score)) if score else 0.0


def _odds(score: float) -> float:
    return score / (1 - min(score, _SURE))
