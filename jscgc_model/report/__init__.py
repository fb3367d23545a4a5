"""What pages and terminals say about the model's records, and their pictures.

Each file registers its records with the theory's ``content_of``, ``plot`` and ``pictures``.
"""
