"""Evaluation: how well scores fit labels, in numbers, pictures and one HTML page.

Only numpy and Jinja; nothing here knows a classifier, so training and the command line share it.
"""
