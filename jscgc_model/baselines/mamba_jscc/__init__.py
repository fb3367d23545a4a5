"""MambaJSCC: the encoder of JSCGC, and a decoder that mirrors it."""

from jscgc_model.baselines.mamba_jscc.mamba_decoder import MambaDecoder as MambaDecoder
