"""What is learnt from and what is kept aside: texts of the sets, whole templates of our own."""

from pathlib import Path

from classifiers.compact.training.corpora import read_corpora
from classifiers.compact.training.examples import Example, fingerprint, is_for_development, merged
from classifiers.compact.training.own_texts import own_examples

OWN_OF_EACH_FILE = 3_000
"""How many comments of our own each file of templates gives."""

OWN_OF_TEMPLATE = 8
"""How many there are at least for each template, on average, however many stand in a file."""

OWN_KEPT = 100
"""How many each file gives from its kept templates."""


def read_examples(data: Path, seed: int) -> tuple[list[Example], list[Example]]:
    """Return what is learnt from, and what is kept aside. Raises NotConfigured."""
    learnt: list[Example] = []
    kept: list[Example] = []
    for example in merged(read_corpora(data)):
        (kept if is_for_development(example.text) else learnt).append(example)
    # Of our own whole templates are kept: a kept filling of a learnt one would look too easy.
    kept += merged(own_examples(OWN_KEPT, seed, kept=True))
    learnt += merged(own_examples(OWN_OF_EACH_FILE, seed, kept=False, of_template=OWN_OF_TEMPLATE))
    # A short text may stand in a set and among our own.
    known = {fingerprint(example.text) for example in kept}
    return [example for example in learnt if fingerprint(example.text) not in known], kept
