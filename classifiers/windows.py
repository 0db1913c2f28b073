"""Windows: a text of any length as token sequences that fit a model, with nothing dropped."""

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import FixedLength
from tokenizers.pre_tokenizers import Sequence as InTurn

OVERLAP = 32
"""Tokens that neighbours share, so that a sentence cut by one window is whole in the next."""


def spans(length: int, size: int, overlap: int = OVERLAP) -> list[slice]:
    """Cover `length` tokens with slices of at most `size`; the last one ends at the end.

    No slice is shorter than `size` unless there is only one: a stump of a few tokens without
    its context would be judged by itself.
    """
    if length <= size:
        return [slice(0, length)]
    starts = [*range(0, length - size, size - overlap), length - size]
    return [slice(start, start + size) for start in starts]


def encodable(text: str) -> str:
    """Return the text as valid Unicode: surrogate pairs joined, lone ones replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Windows:
    """Cuts texts with one tokenizer, which belongs to it from then on."""

    def __init__(self, tokenizer: Tokenizer, size: int) -> None:
        """Make windows of at most `size` tokens, the model's first and last one counted."""
        tokenizer.no_truncation()
        tokenizer.no_padding()
        # Without this a comment that holds "[SEP]" or "</s>" would steer the model.
        tokenizer.encode_special_tokens = True
        _split_long_words(tokenizer)
        self._tokenizer = tokenizer
        self._first, self._last = tokenizer.encode("").ids
        self._room = size - 2

    def of(self, text: str) -> list[list[int]]:
        """Return the text's windows as token ids; at least one, also for an empty text."""
        tokens = self._tokenizer.encode(encodable(text), add_special_tokens=False).ids
        return [[self._first, *tokens[span], self._last] for span in spans(len(tokens), self._room)]


def _split_long_words(tokenizer: Tokenizer) -> None:
    """Break up words that WordPiece would turn into one unknown token, unread."""
    if isinstance(tokenizer.model, WordPiece):
        longest = FixedLength(tokenizer.model.max_input_chars_per_word)
        tokenizer.pre_tokenizer = InTurn([tokenizer.pre_tokenizer, longest])
