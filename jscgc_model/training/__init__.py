"""Training: the objective, its draws, the loop, checkpoints that survive being killed."""
