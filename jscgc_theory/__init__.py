"""Theory of generative communication: dimension, covering, information, radius bounds."""
