"""Certificates that nobody vouches for but themselves."""

import shutil
import subprocess
from pathlib import Path

import pytest


def make_certificate(place: Path, name: str) -> Path:
    """Make a certificate for a name; return its file, which holds its key as well."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is needed to make a certificate")
    subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    files = ["-keyout", str(place / "key.pem"), "-out", str(place / "certificate.pem")]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    command = [openssl, "req", *kind, *subject, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=30)  # noqa: S603 - fixed words
    both = place / "both.pem"
    both.write_text((place / "key.pem").read_text() + (place / "certificate.pem").read_text())
    return both
