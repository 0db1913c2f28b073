"""Sentences of ours that the database keeps in English, found again to be said as the page does."""

import re
from collections.abc import Iterable, Mapping


class OurSentences:
    """Messages for the catalogs, and what finds them with their values filled in."""

    def __init__(self, sentences: Iterable[str], values: Mapping[str, str]) -> None:
        """Take sentences with places in them, and what values look like, where not just anything.

        The first that fits counts.
        """
        self._patterns = tuple((sentence, _pattern(sentence, values)) for sentence in sentences)

    def find(self, said: str) -> tuple[str, Mapping[str, str]] | None:
        """Return which sentence of ours this is, with its values; None where it is none."""
        for sentence, pattern in self._patterns:
            if found := pattern.fullmatch(said):
                return sentence, found.groupdict()
        return None


def _pattern(sentence: str, values: Mapping[str, str]) -> re.Pattern[str]:
    """Return what finds a sentence, with its values by name."""
    named = re.sub(r"%\((\w+)\)s", r"\0\1\0", sentence).replace("%%", "%")
    parts = named.split("\0")
    return re.compile(
        "".join(
            f"(?P<{part}>{values.get(part, '.+')})" if odd % 2 else re.escape(part)
            for odd, part in enumerate(parts)
        )
    )
