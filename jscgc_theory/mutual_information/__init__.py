"""Mutual information: from samples, from a known channel, from a velocity field."""
