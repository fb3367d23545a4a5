"""CJSCC: joint source-channel coding by residual convolutional networks that know the SNR."""

from jscgc_model.baselines.cjscc.cjscc_decoder import CJSCCDecoder as CJSCCDecoder
from jscgc_model.baselines.cjscc.cjscc_encoder import CJSCCEncoder as CJSCCEncoder
