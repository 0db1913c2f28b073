"""Texts as people write them, and copies of them that say nearly the same."""

import json
import random
from pathlib import Path

from moderation.model.prints import sequences_of

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "classifiers/compact/training/kept"
WORDS = "really people council never about school before tomorrow perhaps money".split()  # noqa: SIM905


def some_texts() -> list[str]:
    files = [*sorted(KEPT.glob("*.txt")), ROOT / "tests/samples/civil_politics.txt"]
    texts = [line for file in files for line in file.read_text().splitlines() if line.strip()]
    thread = (ROOT / "moderation/demo/thread.jsonl").read_text().splitlines()
    texts += [json.loads(line)["text"] for line in thread]
    return [text for text in texts if sequences_of(text)]


def typed_badly(text: str, draw: random.Random) -> str:
    letters = list(text)
    for place in draw.sample(range(len(letters)), 3):
        letters[place] = draw.choice("abcdefghijklmnopqrstuvwxyz")
    return "".join(letters)


def with_another_word(text: str, draw: random.Random) -> str:
    words = text.split()
    words[draw.randrange(len(words))] = draw.choice(WORDS)
    return " ".join(words)


def with_a_sentence(text: str, _draw: random.Random) -> str:
    return f"{text} And I will say it again tomorrow."


def with_a_name(text: str, draw: random.Random) -> str:
    return f"@Karim_{draw.randrange(100)} {text}"
