"""A fetched model with the weights as they were published, in PyTorch, on a CPU or a GPU."""

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from tokenizers import Tokenizer

from classifiers.detoxify.extras import imported, quiet_transformers
from classifiers.detoxify.manifest import TOKENIZER, Manifest, read_manifest
from classifiers.detoxify.releases import WINDOW, Release
from classifiers.windowed import WindowedClassifier
from classifiers.windows import Windows
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.devices import Device
from moderation.model.errors import NotConfigured


def load(release: Release, options: ClassifierOptions) -> WindowedClassifier:
    """Load a fetched model, some seconds; nothing is downloaded and nothing unpickled.

    Raises NotConfigured where it or PyTorch is missing, a file is damaged, or the GPU that was
    asked for is not there.
    """
    manifest = read_manifest(release.name, options.models)
    manifest.check()
    return assemble(release, manifest, options.device)


def assemble(release: Release, manifest: Manifest, device: Device) -> WindowedClassifier:
    """Put model and tokenizer together as a classifier."""
    torch = imported("torch")
    # Workers run one process per core; torch would start as many threads in each.
    torch.set_num_threads(1)
    with manifest.opened(TOKENIZER) as file:
        tokenizer = Tokenizer.from_str(file.read().decode())
    return WindowedClassifier(
        version=manifest.version,
        columns=manifest.columns,
        windows=Windows(tokenizer, WINDOW),
        run=_Run(torch, read_network(release, manifest), _chosen(torch, device)),
        scripts=release.scripts,
        languages=release.languages,
    )


def read_network(release: Release, manifest: Manifest, **settings: str) -> Any:  # noqa: ANN401
    """Return the model as transformers has it, from the two files in the folder."""
    transformers = quiet_transformers()
    family = getattr(transformers, f"{release.base.family}ForSequenceClassification")
    return family.from_pretrained(
        manifest.folder, local_files_only=True, use_safetensors=True, **settings
    ).eval()


def _chosen(torch: ModuleType, device: Device) -> str:
    # Counting asks the driver's library, not CUDA itself, which would not survive a fork.
    if device is Device.CPU or (device is Device.AUTO and not torch.cuda.device_count()):
        return "cpu"
    if not torch.cuda.device_count():
        raise NotConfigured(
            f"COPYDESK_CLASSIFIER_DEVICE asks for a GPU, and PyTorch {torch.__version__} sees none "
            "here: see docs/classifiers/detoxify.md"
        )
    return "cuda"


class _Run:
    """Scores a window where it was told to.

    The weights go to a GPU with the first window and not before: a worker loads them and then
    forks, and CUDA works in one of the two only. Tried on an H100: after counting, loading and a
    fork it works in the child; after computing anything, on the CPU too, it does not.
    """

    def __init__(self, torch: ModuleType, model: Any, device: str) -> None:  # noqa: ANN401
        self._torch = torch
        self._model = model
        self._device = device
        self._is_there = device == "cpu"

    def __call__(self, window: Sequence[int]) -> Sequence[float]:
        if not self._is_there:
            self._model.to(self._device)
            self._is_there = True
        tokens = self._torch.tensor([window], device=self._device)
        mask = self._torch.ones_like(tokens)
        with self._torch.inference_mode():
            logits = self._model(input_ids=tokens, attention_mask=mask)[0]
        scores: list[float] = self._torch.sigmoid(logits)[0].tolist()
        return scores
