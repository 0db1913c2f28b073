"""The five models of Detoxify: what they are, and where their files are published."""

from collections.abc import Mapping
from dataclasses import dataclass

from classifiers.scripts import Script

RELEASES_OF_DETOXIFY = "https://github.com/unitaryai/detoxify/releases/download"
HUB = "https://huggingface.co"

WINDOW = 512
"""Tokens that every model below has positions for; Detoxify drops what follows them."""

COMPANIONS = ("config.json", "tokenizer.json", "tokenizer_config.json")
"""What is needed beside a checkpoint: the base model's configuration and its tokenizer."""

ENGLISH = frozenset({Script.LATIN})
MULTILINGUAL = frozenset({Script.LATIN, Script.CYRILLIC})
"""English, French, Spanish, Italian, Portuguese and Turkish; and Russian."""


@dataclass(frozen=True, slots=True)
class Base:
    """The model that a training began from, at a revision of its repository: no file changes."""

    family: str
    repository: str
    revision: str

    def url(self, file: str) -> str:
        """Return where one of its files is."""
        return f"{HUB}/{self.repository}/resolve/{self.revision}/{file}"


BERT = Base("Bert", "google-bert/bert-base-uncased", "86b5e0934494bd15c9632b12f734a8a67f723594")
ROBERTA = Base("Roberta", "FacebookAI/roberta-base", "e2da8e2f811d1448a5b465c236feacd80ffbac7b")
ALBERT = Base("Albert", "albert/albert-base-v2", "8e2f239c5f8a2c0f253781ca60135db913e5c80c")
XLM_ROBERTA = Base(
    "XLMRoberta", "FacebookAI/xlm-roberta-base", "e73636d4f797dec63c3081bb6ed5c7b0bb3f2089"
)


SEVEN = frozenset({"en", "fr", "es", "it", "pt", "tr", "ru"})


@dataclass(frozen=True, slots=True)
class Release:
    """One model; its checkpoint's name ends in the first eight digits of its SHA-256."""

    model_type: str
    base: Base
    tag: str
    checkpoint: str
    scripts: frozenset[Script] = ENGLISH

    @property
    def name(self) -> str:
        """What the model is called as a classifier."""
        return f"detoxify:{self.model_type}"

    @property
    def int8_name(self) -> str:
        """What the same model in int8 is called as a classifier."""
        return f"{self.name}@int8"

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it has learnt."""
        return SEVEN if self.model_type == "multilingual" else frozenset({"en"})

    @property
    def url(self) -> str:
        """Where the checkpoint is."""
        return f"{RELEASES_OF_DETOXIFY}/{self.tag}/{self.checkpoint}"


RELEASES: Mapping[str, Release] = {
    release.model_type: release
    for release in (
        Release("original", BERT, "v0.1-alpha", "toxic_original-c1212f89.ckpt"),
        Release("original-small", ALBERT, "v0.1.2", "original-albert-0e1d6498.ckpt"),
        Release("unbiased", ROBERTA, "v0.3-alpha", "toxic_debiased-c7548aa0.ckpt"),
        Release("unbiased-small", ALBERT, "v0.1.2", "unbiased-albert-c8519128.ckpt"),
        Release(
            "multilingual",
            XLM_ROBERTA,
            "v0.4-alpha",
            "multilingual_debiased-0b549669.ckpt",
            MULTILINGUAL,
        ),
    )
}
