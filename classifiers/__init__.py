"""Classifiers: text in, one score per label out. `registry` names them all."""

import os

# Since 1.32 onnxruntime notes what machine it runs on and sends that to its makers. It looks for
# this at its import, which all of ours come after.
os.putenv("ORT_DISABLE_TELEMETRY", "1")
