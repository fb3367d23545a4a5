"""Send and generate, in diffusers' conventions."""

from jscgc_model.pipelines.catalogue import PIPELINES as PIPELINES
from jscgc_model.pipelines.catalogue import read_pipeline as read_pipeline
from jscgc_model.pipelines.communication_pipeline import (
    CommunicationPipeline as CommunicationPipeline,
)
from jscgc_model.pipelines.diff_jscc_pipeline import DiffJSCCPipeline as DiffJSCCPipeline
from jscgc_model.pipelines.jscgc_pipeline import JSCGCPipeline as JSCGCPipeline
from jscgc_model.pipelines.reconstruction_pipeline import (
    ReconstructionPipeline as ReconstructionPipeline,
)
from jscgc_model.pipelines.transmission_output import TransmissionOutput as TransmissionOutput
