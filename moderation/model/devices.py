"""Where a classifier computes."""

from enum import StrEnum


class Device(StrEnum):
    """What an operator may ask for; AUTO takes a GPU where there is one."""

    CPU = "cpu"
    CUDA = "cuda"
    AUTO = "auto"
