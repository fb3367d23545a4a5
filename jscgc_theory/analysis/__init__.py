"""Where estimators, sources and bounds meet: each file answers one question of a user."""
