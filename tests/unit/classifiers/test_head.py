"""A site's head: it learns what moderators decide, the same again, and keeps no text."""

import zlib
from dataclasses import replace

import numpy as np
import pytest

from classifiers.head import grams
from classifiers.head.fitting import Matrix, fit, minimum, sigmoid
from classifiers.head.grams import grams_of, known_grams, places_of
from classifiers.head.training import train
from classifiers.head.weights import MOST_BYTES, Head
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label
from moderation.model.learning import Parts
from tests.learning import community, judged

SCORES = {Label.TOXICITY: 0.95, Label.INSULT: 0.9}


@pytest.fixture(scope="module")
def parts() -> Parts:
    return community()


@pytest.fixture(scope="module")
def packed(parts: Parts) -> bytes:
    return train(parts)


@pytest.fixture(scope="module")
def head(packed: bytes) -> Head:
    return Head.from_bytes(packed)


def score(head: Head, text: str) -> float:
    found = head.score(text, SCORES)
    assert found is not None
    return found


def test_it_tells_apart_what_the_classifier_does_not(head: Head) -> None:
    assert score(head, "haha you idiot mate see you") < 0.2
    assert score(head, "shut up you idiot trash") > 0.8


def test_of_comments_it_never_saw_as_many_are_rejected_as_it_says(head: Head, parts: Parts) -> None:
    said = [score(head, one.text) for one in parts.newest]
    real = [one.rejected for one in parts.newest]
    assert abs(np.mean(said) - np.mean(real)) < 0.1


def test_the_same_decisions_give_the_same_bytes(packed: bytes) -> None:
    assert train(community()) == packed
    assert train(community(seed=2)) != packed


def test_the_newest_decisions_change_nothing(packed: bytes, parts: Parts) -> None:
    others = tuple(replace(one, rejected=not one.rejected) for one in parts.newest)
    assert train(replace(parts, newest=others)) == packed


def test_what_is_written_is_read_again(head: Head, packed: bytes) -> None:
    assert head.to_bytes() == packed
    assert len(packed) < 64_000


def test_words_of_fewer_than_three_comments_are_forgotten(parts: Parts) -> None:
    private = "my number is 0151-5550199"
    told = (judged(9001, private, rejected=True), judged(9002, private, rejected=True))
    head = Head.from_bytes(train(replace(parts, learnt=parts.learnt + told)))
    only_there = np.setdiff1d(grams_of(private), np.concatenate(_grams(parts)))
    assert len(only_there)
    assert not len(np.intersect1d(head.known, only_there))


def _grams(parts: Parts) -> list[grams.Hashes]:
    return [grams_of(one.text) for one in parts.learnt]


def test_without_a_score_that_it_needs_it_gives_none(head: Head) -> None:
    assert head.score("Hello.", {Label.TOXICITY: 0.5}) is None
    assert head.score("Hello.", SCORES | {Label.INSULT: float("nan")}) is None
    assert head.score("Hello.", SCORES | {Label.THREAT: 0.1}) == score(head, "Hello.")


@pytest.mark.parametrize("text", ["", "\0", "\ud800 lone", "\u202e" * 50, "🖕🏿" * 9, "a" * 20_000])
def test_whatever_a_text_holds_it_has_a_score(head: Head, text: str) -> None:
    assert 0.0 <= score(head, text) <= 1.0


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        (b"copydesk-head-1", b"copydesk-head-2", b""),
        (b'"insult"', b'"unwanted"', b""),
        (b'"grams":', b'"grams":9', b""),
        (b'"numbers":[', b'"numbers":[NaN,', b""),
        (b"", b"", b"more"),
        (b"", b"", bytes(MOST_BYTES)),
    ],
)
def test_what_is_no_head_is_refused(packed: bytes, old: bytes, new: bytes, more: bytes) -> None:
    plain = zlib.decompress(packed)
    with pytest.raises(InvalidInput):
        Head.from_bytes(zlib.compress(plain.replace(old, new, 1) + more))


@pytest.mark.parametrize("packed", [b"", b"PK\x03\x04", zlib.compress(b"{}")])
def test_what_is_no_archive_of_ours_is_refused(packed: bytes) -> None:
    with pytest.raises(InvalidInput):
        Head.from_bytes(packed)


def test_what_is_cut_off_is_refused(packed: bytes) -> None:
    with pytest.raises(InvalidInput):
        Head.from_bytes(packed[:-5])


def test_decisions_without_a_score_in_common_teach_nothing(parts: Parts) -> None:
    bare = replace(parts.learnt[0], facts=replace(parts.learnt[0].facts, scores={}))
    with pytest.raises(InvalidInput, match="no score in common"):
        train(replace(parts, learnt=(*parts.learnt, bare)))


def test_grams_see_through_capitals_and_accents_and_keep_signs() -> None:
    assert grams_of("Café  CRÈME").tolist() == grams_of("cafe creme").tolist()
    assert grams_of("nice 🖕").tolist() != grams_of("nice").tolist()
    assert not len(grams_of("").tolist()) or len(places_of(grams_of(""), grams_of("x"))) == 0


def test_the_most_frequent_grams_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grams, "MOST_GRAMS", 3)
    texts = [np.array([1, 2, 3, 4], np.uint32)] * 3 + [np.array([4, 9], np.uint32)] * 2
    assert known_grams(texts).tolist() == [1, 2, 4]


def test_the_fit_is_where_no_weight_gains_anything() -> None:
    source = np.random.default_rng(7)
    dense = source.normal(size=(200, 3))
    labels = (dense[:, 0] + source.normal(size=200) > 0).astype(np.float64)
    nowhere = np.zeros(0, np.intp)
    matrix = Matrix(dense, nowhere, nowhere, np.zeros(0), 0)
    weights = fit(matrix, labels, penalty=0.5)
    errors = sigmoid(matrix.times(weights)) - labels
    assert np.abs(matrix.back(errors) + 0.5 * weights * [0, 1, 1, 1]).max() < 1e-3
    assert weights[1] > 1.0 > abs(weights[2])


def test_the_lowest_place_is_found_from_afar() -> None:
    scale = np.array([1.0, 100.0])
    at = minimum(
        lambda at: (float((scale * (at - 3.0) ** 2).sum()), 2 * scale * (at - 3.0)), np.zeros(2)
    )
    assert at == pytest.approx([3.0, 3.0], abs=1e-5)
