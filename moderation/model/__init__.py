"""The domain in plain Python: values and rules, nothing that connects, reads or writes."""
