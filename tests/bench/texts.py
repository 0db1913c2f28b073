"""Comments to measure with: made up, seeded, and about as long as those under articles are."""

import math
import random
from collections.abc import Iterator

MEDIAN_WORDS = 30
SPREAD = 0.8
"""Of the logarithm: one comment in a hundred has more than 190 words."""
MOST_WORDS = 1_000

_WORDS = """
the a of and to in is that it for on was as with be this by are not have from at or an they which
you one were all would there their we been has more who will can if what about when some only do
she time out said than into could no these other people up after first well new over any like think
know also because most even how way many years council street city school teacher money tax rent
bus train cycle lane park river bridge mayor government election vote law court police hospital
doctor nurse price energy wind solar water climate winter summer garden kitchen bread coffee film
actor song match goal season referee coach player team league question answer article author
editor paragraph argument evidence number report study reason problem solution plan project idea
really probably honestly perhaps never always often nobody everybody somebody nothing something
reading written opened closed promised repaired forgotten delayed expensive cheap quiet loud
wonderful terrible reasonable ridiculous careful interesting boring honest wrong right simple
""".split()  # noqa: SIM905 - as a list of literals it would be two hundred lines

_HOSTILE = (
    "you are an idiot",
    "what a pathetic liar you are",
    "shut up, nobody cares what a clown like you thinks",
    "these people are stupid and disgusting",
)

_HOSTILE_SHARE = 0.1


def comments(count: int, seed: int = 1) -> list[str]:
    """Return so many comments, the same ones for the same seed."""
    source = random.Random(seed)  # noqa: S311 - nothing secret
    return [_comment(source) for _ in range(count)]


def author(number: int) -> dict[str, str]:
    """Return who wrote a comment, as a site says it."""
    return {"id": f"reader-{number % 500}", "name": f"Robin {number % 500}"}


def thread(number: int) -> dict[str, str]:
    """Return where it was written."""
    article = number % 50
    url = f"https://news.example.org/articles/{article}"
    return {"id": f"article-{article}", "url": url, "title": f"The council's plan, part {article}"}


def _comment(source: random.Random) -> str:
    words = round(source.lognormvariate(math.log(MEDIAN_WORDS), SPREAD))
    sentences = list(_sentences(source, min(max(words, 2), MOST_WORDS)))
    if source.random() < _HOSTILE_SHARE:
        sentences.append(_as_sentence(source.choice(_HOSTILE)))
    return " ".join(sentences)


def _sentences(source: random.Random, words: int) -> Iterator[str]:
    while words > 0:
        length = min(words, source.randint(5, 18))
        yield _as_sentence(" ".join(source.choices(_WORDS, k=length)))
        words -= length


def _as_sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
