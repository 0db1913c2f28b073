"""The recipe: all that a run's weights depend on beside the data."""

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """How networks are fitted: the peak rates are the encoder's and that of the new outputs.

    `teachers` learn first, each from all parts of the comments but one; what it says of that one is
    `heeded` by this share where somebody gave a label. Then as many `students` learn from
    everything, whose average is what is wanted. `disguise` is the share of comments that are
    disguised, `lean_back` how far the encoder goes back towards its first weights in the end.
    """

    seed: int = 1
    teachers: int = 4
    teacher_epochs: int = 3
    heeded: float = 0.5
    students: int = 3
    epochs: int = 6
    batch: int = 256
    rate: float = 2.6e-4
    outputs_rate: float = 1e-3
    warm_up: float = 0.06
    decay: float = 0.01
    disguise: float = 0.15
    lean_back: float = 0.15

    def name(self) -> str:
        """Return a name for what is kept of a run: another recipe, another name."""
        said = json.dumps(asdict(self), sort_keys=True).encode()
        return f"seed{self.seed}-{hashlib.sha256(said).hexdigest()[:8]}"


def quick(seed: int) -> Recipe:
    """Return a recipe for two cores: one network that sees the data once, without teachers."""
    return Recipe(seed=seed, teachers=0, students=1, epochs=1)
