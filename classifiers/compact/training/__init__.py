"""How the embedded default is trained; needs the extra `train`. No running Copydesk imports it."""
