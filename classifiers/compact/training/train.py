"""Training from labelled sets to files: what `copydesk train compact` does."""

from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer

from classifiers.compact.training.batches import Cutter
from classifiers.compact.training.calibrate import calibrate
from classifiers.compact.training.export import export
from classifiers.compact.training.fit import Recipe, Step, fit
from classifiers.compact.training.network import start_folder, untrained
from classifiers.compact.training.split import read_examples

WINDOW = 128
"""Tokens at inference. Training sees fewer: most comments are shorter, and it is cheaper."""


def train(data: Path, place: Path, recipe: Recipe) -> Iterator[Step]:
    """Train, calibrate and export into `place`; yields after each batch.

    What was begun there with the same recipe goes on from its last checkpoint. Raises NotConfigured
    where the data or the starting weights are missing.
    """
    learnt, kept = read_examples(data, recipe.seed)
    torch.manual_seed(recipe.seed)
    start = start_folder()
    network = untrained(start).to("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    place.mkdir(parents=True, exist_ok=True)
    cutter = Cutter(tokenizer, recipe.window, recipe.disguise)
    yield from fit(network, learnt, cutter, recipe, place)
    calibrate(network, kept, Cutter(tokenizer, WINDOW))
    export(network.cpu(), start / "tokenizer.json", WINDOW, place / recipe.name())
