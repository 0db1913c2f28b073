"""What an operator sets for classifiers."""

from dataclasses import dataclass
from pathlib import Path

from moderation.model.devices import Device


@dataclass(frozen=True, slots=True)
class ClassifierOptions:
    """Where fetched models are, and what computes with them."""

    models: Path = Path("var/models")
    device: Device = Device.CPU


NO_OPTIONS = ClassifierOptions()
