"""The CA-Adapter: what was received becomes residuals for the generator."""
