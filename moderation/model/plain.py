"""Plain text: what strangers wrote, where it must be one harmless line of a mail or of XML."""

import unicodedata

_JOINERS = "\u200c\u200d"
"""Needed to write Persian, Hindi and families of emoji."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Also what XML 1.0 forbids: control characters, surrogates and what is no character."""


def plain(text: str, most: int) -> str:
    """Return a text on one line, cut to so many characters; what cannot be seen shows as a code."""
    line = " ".join(text[: most * 4].split())
    cut = line if len(line) <= most else line[: most - 1] + "…"
    return "".join(f"⟨U+{ord(one):04X}⟩" if _is_unseen(one) else one for one in cut)


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN and character not in _JOINERS
