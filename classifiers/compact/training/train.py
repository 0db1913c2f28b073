"""Training from labelled sets to files: what `copydesk train compact` does."""

from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer

from classifiers.compact.training.batches import Cutter
from classifiers.compact.training.calibrate import calibrate
from classifiers.compact.training.corpora import read_corpora
from classifiers.compact.training.examples import Example, fingerprint, is_for_development, merged
from classifiers.compact.training.export import export
from classifiers.compact.training.fit import Recipe, Step, fit
from classifiers.compact.training.network import start_folder, untrained
from classifiers.compact.training.own_texts import own_examples

OWN_OF_EACH_FILE = 3_000
"""How many comments of our own each file of templates gives."""

OWN_KEPT = 100
"""How many each file gives from its kept templates."""

WINDOW = 128
"""Tokens at inference. Training sees fewer: most comments are shorter, and it is cheaper."""


def read_examples(data: Path, seed: int) -> tuple[list[Example], list[Example]]:
    """Return what is learnt from, and what is kept aside. Raises NotConfigured."""
    learnt: list[Example] = []
    kept: list[Example] = []
    for example in merged(read_corpora(data)):
        (kept if is_for_development(example.text) else learnt).append(example)
    # Of our own whole templates are kept: a kept filling of a learnt one would look too easy.
    kept += merged(own_examples(OWN_KEPT, seed, kept=True))
    known = {fingerprint(example.text) for example in kept}
    own = merged(own_examples(OWN_OF_EACH_FILE, seed, kept=False))
    return [*learnt, *(each for each in own if fingerprint(each.text) not in known)], kept


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
