"""Training from labelled sets to files: what `copydesk train compact` does."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from tokenizers import Tokenizer

from classifiers.compact.training.batches import Cutter, Stream
from classifiers.compact.training.calibrate import calibrate
from classifiers.compact.training.examples import Example, digest
from classifiers.compact.training.export import export
from classifiers.compact.training.fit import Step, fit
from classifiers.compact.training.network import (
    Network,
    average,
    lean_back,
    start_folder,
    untrained,
)
from classifiers.compact.training.predict import logits
from classifiers.compact.training.recipe import Recipe
from classifiers.compact.training.split import read_examples
from classifiers.compact.training.teachers import divided, softened
from classifiers.windows import Windows

WINDOW = 128
"""Tokens, in training as in use."""


def train(data: Path, place: Path, recipe: Recipe) -> Iterator[Step]:
    """Train, calibrate and export into `place`; yields after each batch.

    What was begun there with the same recipe goes on from its last checkpoint. Raises NotConfigured
    where the data or the starting weights are missing.
    """
    learnt, kept = read_examples(data, recipe.seed)
    # Templates that were edited are other examples: nothing is taken up that knew the old ones.
    checkpoints = place / f"{recipe.name()}.checkpoints" / digest(learnt)
    school = School(start_folder(), checkpoints, recipe)
    network = yield from school.network(learnt)
    lean_back(network, untrained(school.start), recipe.lean_back)
    calibrate(network, kept, school.windows)
    export(network.cpu(), school.tokenizer, WINDOW, place / recipe.name())


def has_gpu() -> bool:
    """Say whether networks are fitted on a GPU."""
    return bool(torch.cuda.is_available())


@dataclass(frozen=True, slots=True)
class School:
    """Fits the networks of one recipe, one after the other; checkpoints lie in `place`."""

    start: Path
    place: Path
    recipe: Recipe

    @property
    def tokenizer(self) -> Path:
        """The tokenizer's file."""
        return self.start / "tokenizer.json"

    @property
    def windows(self) -> Windows:
        """Windows as they are in use."""
        return Windows(Tokenizer.from_file(str(self.tokenizer)), WINDOW)

    def network(self, learnt: Sequence[Example]) -> Generator[Step, None, Network]:
        """Return the students' average, who learn what is labelled and what teachers say."""
        taught = yield from self.taught(learnt)
        students: list[Network] = []
        for number in range(self.recipe.students):
            student = yield from self.fitted(f"student {number}", taught)
            students.append(student)
        mean: Network = average(students)
        return mean

    def taught(self, learnt: Sequence[Example]) -> Generator[Step, None, list[Example]]:
        """Return examples with soft labels, each by the teacher that has not learnt from it."""
        count = self.recipe.teachers
        recipe = replace(self.recipe, epochs=self.recipe.teacher_epochs)
        found = [] if count else list(learnt)
        for part in range(count):
            mine, others = divided(learnt, part, count)
            teacher = yield from self.fitted(f"teacher {part}", others, recipe)
            said = logits(teacher, [example.text for example in mine], self.windows).sigmoid()
            found += softened(mine, said, recipe.heeded)
        return found

    def fitted(
        self, learner: str, examples: Sequence[Example], recipe: Recipe | None = None
    ) -> Generator[Step, None, Network]:
        """Return a network that learnt from the examples, begun anew or where it was left."""
        recipe = recipe or self.recipe
        # All begin alike: only so can they be averaged.
        torch.manual_seed(recipe.seed)
        network: Network = untrained(self.start)
        network.to("cuda" if has_gpu() else "cpu")
        cutter = Cutter(self.windows, recipe.disguise, recipe.batch)
        stream = Stream(examples, cutter, f"{recipe.seed} {learner}")
        self.place.mkdir(parents=True, exist_ok=True)
        checkpoint = self.place / f"{learner}.checkpoint"
        for step in fit(network, stream, recipe, checkpoint):
            yield replace(step, learner=learner)
        return network
