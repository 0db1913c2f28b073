"""Training from labelled sets to files: what `copydesk train compact` does."""

from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer

from classifiers.compact.training.batches import Cutter, Stream
from classifiers.compact.training.calibrate import calibrate
from classifiers.compact.training.export import export
from classifiers.compact.training.fit import Step, fit
from classifiers.compact.training.network import lean_back, start_folder, untrained
from classifiers.compact.training.recipe import Recipe
from classifiers.compact.training.split import read_examples
from classifiers.windows import Windows

WINDOW = 128
"""Tokens, in training as in use."""


def train(data: Path, place: Path, recipe: Recipe) -> Iterator[Step]:
    """Train, calibrate and export into `place`; yields after each batch.

    What was begun there with the same recipe goes on from its last checkpoint. Raises NotConfigured
    where the data or the starting weights are missing.
    """
    learnt, kept = read_examples(data, recipe.seed)
    start = start_folder()
    windows = Windows(Tokenizer.from_file(str(start / "tokenizer.json")), WINDOW)
    torch.manual_seed(recipe.seed)
    network = untrained(start).to("cuda" if torch.cuda.is_available() else "cpu")
    place.mkdir(parents=True, exist_ok=True)
    stream = Stream(learnt, Cutter(windows, recipe.disguise, recipe.batch), str(recipe.seed))
    yield from fit(network, stream, recipe, place / f"{recipe.name()}.checkpoint")
    lean_back(network, untrained(start), recipe.lean_back)
    calibrate(network, kept, windows)
    export(network.cpu(), start / "tokenizer.json", WINDOW, place / recipe.name())
