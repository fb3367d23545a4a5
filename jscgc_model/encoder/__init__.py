"""MambaJSCC on latents: from an image or latent to complex channel symbols."""
