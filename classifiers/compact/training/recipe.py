"""The recipe: all that a run's weights depend on beside the data."""

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is fitted: the peak rates are the encoder's and that of the new outputs.

    `disguise` is the share of comments that are disguised, `lean_back` how far the encoder goes
    back towards its first weights in the end.
    """

    seed: int = 1
    epochs: int = 3
    batch: int = 128
    rate: float = 2e-4
    outputs_rate: float = 1e-3
    warm_up: float = 0.06
    decay: float = 0.01
    disguise: float = 0.15
    lean_back: float = 0.25

    def name(self) -> str:
        """Return a name for what is kept of a run: another recipe, another name."""
        said = json.dumps(asdict(self), sort_keys=True).encode()
        return f"seed{self.seed}-{hashlib.sha256(said).hexdigest()[:8]}"
