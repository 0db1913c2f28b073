"""What an operator sets for classifiers."""

from dataclasses import dataclass, field
from pathlib import Path

from moderation.model.devices import Device


@dataclass(frozen=True, slots=True)
class ClassifierOptions:
    """Where fetched models are and what computes with them; the ensemble; the remote classifier.

    `remote_seconds` is the deadline of one request.
    """

    models: Path = Path("var/models")
    device: Device = Device.CPU
    ensemble: tuple[str, ...] = ()
    remote_url: str | None = None
    remote_token: str | None = field(default=None, repr=False)
    remote_seconds: float = 10.0


NO_OPTIONS = ClassifierOptions()
