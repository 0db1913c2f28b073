"""Soft labels of teachers, and students that are averaged, on networks small enough for a test."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from classifiers.compact.training.examples import COLUMNS, Example, part_of
from moderation.model.labels import Label
from tests.unit.classifiers.test_training import FAST, examples, network, tokenizer, toxicity_found

torch = pytest.importorskip("torch")
safetensors = pytest.importorskip("safetensors.torch")

# These need PyTorch.
from classifiers.compact.training.fit import Step  # noqa: E402
from classifiers.compact.training.network import average  # noqa: E402
from classifiers.compact.training.recipe import Recipe  # noqa: E402
from classifiers.compact.training.teachers import divided, softened  # noqa: E402
from classifiers.compact.training.train import School  # noqa: E402

pytestmark = pytest.mark.detoxify

Taught = TypeVar("Taught")

RECIPE = replace(FAST, teachers=2, students=2, teacher_epochs=8, batch=32, disguise=0.0)
SAID = [0.5, 0.1, 0.2, 0.3, 0.4, 0.6]


def test_each_part_is_left_out_once() -> None:
    every = examples(2_000)
    parts = [divided(every, part, 4) for part in range(4)]
    assert sorted(one.text for mine, _ in parts for one in mine) == sorted(
        one.text for one in every
    )
    for mine, others in parts:
        assert len(mine) + len(others) == len(every)
        assert 400 < len(mine) < 600
        assert not {one.text for one in mine} & {one.text for one in others}


def test_what_a_teacher_says_is_mixed_in_and_stands_in_for_what_nobody_said() -> None:
    [soft] = softened([Example("a", {Label.TOXICITY: 1.0})], torch.tensor([SAID]), 0.25)
    assert soft.labels == pytest.approx(dict(zip(COLUMNS, [0.875, *SAID[1:]], strict=True)))


def test_what_is_certain_stays() -> None:
    ours = Example("a", {Label.TOXICITY: 1.0, Label.THREAT: 0.0}, certain=True)
    [soft] = softened([ours], torch.tensor([SAID]), 0.25)
    assert soft.labels == pytest.approx(
        dict(zip(COLUMNS, [1.0, 0.1, 0.2, 0.0, 0.4, 0.6], strict=True))
    )


def test_the_average_is_the_mean_of_all_weights() -> None:
    networks = [network(seed) for seed in (1, 2, 3)]
    states = [
        {name: value.clone() for name, value in each.state_dict().items()} for each in networks
    ]
    for name, found in average(networks).state_dict().items():
        wanted = torch.stack([state[name].float() for state in states]).mean(0)
        assert torch.allclose(found.float(), wanted, atol=1e-6), name


@pytest.fixture
def school(tmp_path: Path) -> School:
    """A school whose networks begin as one of the tiny ones."""
    start, made = tmp_path / "start", network()
    start.mkdir()
    tokenizer().save(str(start / "tokenizer.json"))
    made.encoder.config.to_json_file(start / "config.json", use_diff=False)
    safetensors.save_file(made.encoder.state_dict(), str(start / "model.safetensors"))
    return School(start, tmp_path / "out", RECIPE)


def attended(lessons: Generator[Step, None, Taught]) -> tuple[list[Step], Taught]:
    """Return the steps of lessons, and what came of them."""
    steps = []
    while True:
        try:
            steps.append(next(lessons))
        except StopIteration as stop:
            return steps, stop.value


def test_teachers_learn_first_then_students_and_what_is_done_is_not_done_again(
    school: School,
) -> None:
    learnt = examples(1_000)
    steps, made = attended(school.network(learnt))
    assert [*dict.fromkeys(step.learner for step in steps)] == [
        "teacher 0",
        "teacher 1",
        "student 0",
        "student 1",
    ]
    assert toxicity_found(made) > 0.9
    again, same = attended(school.network(learnt))
    assert again == []
    assert torch.allclose(same.outputs.weight, made.outputs.weight, atol=1e-6)


def test_all_begin_alike_so_that_they_can_be_averaged(school: School) -> None:
    still = replace(school, recipe=replace(RECIPE, rate=0.0, outputs_rate=0.0, epochs=1))
    (_, one), (_, other) = (
        attended(still.fitted(learner, examples(40))) for learner in ("student 0", "student 1")
    )
    assert torch.equal(one.outputs.weight, other.outputs.weight)


def test_a_teacher_judges_what_it_has_not_learnt_from(school: School) -> None:
    """Of two parts one is all toxic, the other not: who has learnt from one says so of both."""
    learnt = [
        replace(example, labels={Label.TOXICITY: float(part_of(example.text, 2))})
        for example in examples(600)
    ]
    alone = replace(school, recipe=replace(RECIPE, heeded=1.0))
    _, taught = attended(alone.taught(learnt))
    assert len(taught) == len(learnt)
    for example in taught:
        assert abs(example.labels[Label.TOXICITY] - part_of(example.text, 2)) > 0.5


def test_without_teachers_labels_are_what_people_gave(school: School) -> None:
    learnt = examples(10)
    alone = School(school.start, school.place, Recipe(teachers=0))
    with pytest.raises(StopIteration) as stop:
        next(alone.taught(learnt))
    assert stop.value.value == learnt
