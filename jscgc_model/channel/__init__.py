"""From channel input to what the receiver holds: power, noise, fading, equalisation."""
