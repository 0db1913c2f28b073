"""The plain workers with a model of Detoxify's shape: bert-base, its weights drawn by lot.

Scores mean nothing then; what they cost is the same.
"""

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification

from classifiers.compact.manifest import read_manifest
from moderation.model.labels import OF_CLASSIFIERS, Label
from moderation.settings import read_settings
from tests.bench.plain import Classify, make_worker

LABELS = [label for label in OF_CLASSIFIERS if label is not Label.SEXUAL_EXPLICIT]
LONGEST = 512


def load() -> Classify:
    torch.set_num_threads(1)
    model = BertForSequenceClassification(BertConfig(num_labels=len(LABELS))).eval()
    tokenizer = Tokenizer.from_str(read_manifest().tokenizer.read().decode())
    tokenizer.enable_truncation(LONGEST)
    # The file's own padding is for batches; one comment alone shall cost no more than its words.
    tokenizer.no_padding()

    @torch.inference_mode()
    def classify(text: str) -> dict[Label, float]:
        tokens = torch.tensor([tokenizer.encode(text).ids])
        scores = torch.sigmoid(model(input_ids=tokens).logits[0]).tolist()
        return dict(zip(LABELS, scores, strict=True))

    return classify


app = make_worker(read_settings(), load, "bert-base")
