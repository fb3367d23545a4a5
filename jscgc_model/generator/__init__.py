"""Flow matching: the path, the velocity networks, the samplers."""
