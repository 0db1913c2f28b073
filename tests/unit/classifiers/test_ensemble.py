"""An ensemble: what it makes of its members' scores, and which members make one."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from classifiers import ensemble, registry
from classifiers.ensemble import Ensemble, mean
from classifiers.entry import Entry
from classifiers.fetches import Progress
from classifiers.interface import nothing
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.devices import Device
from moderation.model.errors import ClassifierUnavailable, NotConfigured
from moderation.model.labels import Label, Scores

INSULT, THREAT, TOXICITY = Label.INSULT, Label.THREAT, Label.TOXICITY


@dataclass
class Member:
    """Always says the same, and reads what its name is in."""

    scores: Scores
    version: str = "a@1"
    languages: frozenset[str] = frozenset({"en"})

    @property
    def labels(self) -> frozenset[Label]:
        return frozenset(self.scores)

    def can_read(self, text: str) -> bool:
        return self.version in text

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        between()
        return [self.scores for _ in texts]


def entry_of(member: Member, **known: object) -> Entry:
    made = Entry(
        load=lambda: member,
        version=lambda: member.version,
        check=nothing,
        labels=lambda: member.labels,
        languages=lambda: member.languages,
        time_limit=1.0,
    )
    return replace(made, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([0.5, 0.9], 0.75),
        ([0.9, 0.9, 0.9], 0.9),
        ([0.2, 0.8], 0.5),
        ([0.0, 1.0], 0.5),
        ([0.0, 0.0], 1e-6),
        ([1.0, 1.0, 1.0], 1.0 - 1e-6),
        # The mean of the scores themselves would be .50: logits heed who is sure.
        ([0.001, 0.999, 0.999], 0.9091),
    ],
)
def test_a_score_is_the_mean_of_the_logits(said: list[float], expected: float) -> None:
    assert mean([{INSULT: score} for score in said])[INSULT] == pytest.approx(expected, abs=1e-4)


def test_a_label_is_the_mean_over_those_who_score_it() -> None:
    scores = mean([{INSULT: 0.5, THREAT: 0.3}, {INSULT: 0.9, TOXICITY: 0.2}])
    assert scores == pytest.approx({TOXICITY: 0.2, THREAT: 0.3, INSULT: 0.75})
    assert all(math.isfinite(score) for score in scores.values())


def test_each_text_gets_the_mean_of_its_own_scores_and_each_member_says_that_it_lives() -> None:
    beats: list[None] = []
    made = Ensemble((Member({INSULT: 0.5}), Member({INSULT: 0.9, THREAT: 0.1})))
    scores = made.classify(["a", "b"], between=lambda: beats.append(None))
    assert scores == [pytest.approx({THREAT: 0.1, INSULT: 0.75})] * 2
    assert made.labels == {INSULT, THREAT}
    assert len(beats) == 2


def test_it_knows_and_reads_what_all_members_do() -> None:
    first = Member({INSULT: 0.5}, "a@1", frozenset({"en", "fr"}))
    second = Member({INSULT: 0.5}, "b@1", frozenset({"en", "ru"}))
    made = Ensemble((first, second))
    assert made.languages == {"en"}
    assert made.can_read("a@1 b@1")
    assert not made.can_read("a@1")


def test_its_version_is_another_where_a_member_s_is_and_the_same_in_any_order() -> None:
    def version(*versions: str) -> str:
        return Ensemble(tuple(Member({INSULT: 0.5}, one) for one in versions)).version

    assert version("a@1", "b@1") == version("b@1", "a@1")
    assert len({version("a@1", "b@1"), version("a@1", "b@2"), version("a@1", "b@1", "c@1")}) == 3


def test_its_costs_are_those_of_all_members() -> None:
    first = entry_of(Member({INSULT: 0.5}), time_limit=6.0, batch_characters=30_000)
    second = entry_of(Member({THREAT: 0.5}), time_limit=60.0, on_gpu=True)
    made = ensemble.entry({"first": first, "second": second})
    assert (made.time_limit, made.batch_characters, made.on_gpu) == (66.0, 20_000, True)
    assert made.labels() == {INSULT, THREAT}
    assert made.version() == made.load().version


def test_members_that_together_outlast_a_lease_are_refused() -> None:
    slow = entry_of(Member({INSULT: 0.5}), time_limit=300.0)
    with pytest.raises(NotConfigured, match="may take 600 s"):
        ensemble.entry({"first": slow, "second": slow})


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ((), "does not name two classifiers or more"),
        (("compact",), "does not name two classifiers or more"),
        (("compact", "compact"), "does not name two classifiers or more"),
        (("compact", "vader"), "there is no classifier 'vader'"),
        (("compact", "ensemble"), "names the ensemble itself"),
    ],
)
def test_what_makes_no_ensemble_is_told(names: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(NotConfigured, match=complaint):
        registry.load("ensemble", ClassifierOptions(ensemble=names))


def test_what_a_member_lacks_is_told(tmp_path: Path) -> None:
    options = ClassifierOptions(tmp_path, ensemble=("compact", "detoxify:original@int8"))
    entry = registry.entry("ensemble", options)
    for asked in (entry.version, entry.check, entry.load):
        with pytest.raises(NotConfigured, match="classifiers fetch detoxify:original@int8"):
            asked()


def test_members_without_a_common_language_are_not_ready() -> None:
    first = entry_of(Member({INSULT: 0.5}, languages=frozenset({"en"})))
    second = entry_of(Member({INSULT: 0.5}, languages=frozenset({"ru"})))
    with pytest.raises(NotConfigured, match="no language that first and second all know"):
        ensemble.entry({"first": first, "second": second}).check()


def test_fetching_it_fetches_every_member_that_has_something_to_fetch(tmp_path: Path) -> None:
    def fetch(models: Path, origin: str | None) -> Iterator[Progress]:
        yield Progress(f"{models} {origin}")

    first, second = entry_of(Member({})), entry_of(Member({}), fetch=fetch)
    fetching = ensemble.entry({"first": first, "second": second}).fetch
    assert fetching is not None
    assert list(fetching(tmp_path, None)) == [Progress(f"{tmp_path} None")]
    with pytest.raises(NotConfigured, match="a mirror holds one model"):
        list(fetching(tmp_path, "/srv/mirror"))


def test_it_is_away_while_a_member_is() -> None:
    class Away(Member):
        def classify(self, *_: object, **__: object) -> list[Scores]:
            raise ClassifierUnavailable("nobody answers")

    with pytest.raises(ClassifierUnavailable):
        Ensemble((Member({INSULT: 0.5}), Away({THREAT: 0.5}))).classify([])


def test_a_gpu_is_refused_where_no_member_can_use_one(monkeypatch: pytest.MonkeyPatch) -> None:
    options = ClassifierOptions(device=Device.CUDA, ensemble=("compact", "words"))
    words = {"words": lambda _: entry_of(Member({INSULT: 0.5}))}
    monkeypatch.setattr(registry, "ENTRIES", {**registry.ENTRIES, **words})
    with pytest.raises(NotConfigured, match="on the CPU alone"):
        registry.load("ensemble", options)
