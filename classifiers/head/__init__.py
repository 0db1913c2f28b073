"""The head of a site: a small model over a classifier's scores and a text's words.

It answers one question: would the moderators of this site reject this comment? It is trained on
their own decisions, with numpy alone, and its weights are numbers: no text, and no code.
"""
