"""What is read from the environment before there are settings, without loading any library.

Settings cost a tenth of a second of imports; probes run every few seconds and need only this.
"""

import os
from pathlib import Path

PREFIX = "COPYDESK_"


def folder() -> Path:
    """Return the folder of this installation's own files, as COPYDESK_VAR says."""
    return Path(os.environ.get(f"{PREFIX}VAR", "var"))
