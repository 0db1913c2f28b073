"""What an operator sets for classifiers."""

from dataclasses import dataclass
from pathlib import Path

from moderation.model.devices import Device


@dataclass(frozen=True, slots=True)
class ClassifierOptions:
    """Where fetched models are, what computes with them, and who makes up the ensemble."""

    models: Path = Path("var/models")
    device: Device = Device.CPU
    ensemble: tuple[str, ...] = ()


NO_OPTIONS = ClassifierOptions()
