"""The JSCGC system: encoder, channel, adapter and flow-matching generator."""
