"""The kinds of pipelines by name, and whichever was saved in a folder."""

import json
from pathlib import Path

from safetensors import SafetensorError

from jscgc_model.pipelines.communication_pipeline import CommunicationPipeline
from jscgc_model.pipelines.diff_jscc_pipeline import DiffJSCCPipeline
from jscgc_model.pipelines.jscgc_pipeline import JSCGCPipeline
from jscgc_model.pipelines.reconstruction_pipeline import ReconstructionPipeline
from jscgc_theory.errors import InputError

INDEX_NAME = "model_index.json"
"""Of the file that makes a folder that of a saved pipeline."""
_KINDS: tuple[type[CommunicationPipeline], ...] = (
    JSCGCPipeline,
    ReconstructionPipeline,
    DiffJSCCPipeline,
)
PIPELINES = {kind.__name__: kind for kind in _KINDS}
"""Classes by the name that a saved pipeline holds."""


def read_pipeline(folder: Path) -> CommunicationPipeline:
    """Return the pipeline that was saved in a folder, of whatever kind.

    Args:
        folder: Folder of ``CommunicationPipeline.save_pretrained``.

    Returns:
        The pipeline.

    Raises:
        InputError: If it cannot be read or is of no kind that is known.
    """
    try:
        name = json.loads((folder / INDEX_NAME).read_text(encoding="utf-8"))["_class_name"]
        if name not in PIPELINES:
            raise ValueError(f"its kind {name!r} is none of {', '.join(PIPELINES)}")
        return PIPELINES[name].from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"the pipeline in {folder} cannot be read: {reason}") from error
