"""The embedding of the empty prompt: made once by Z-Image's text encoder, then kept in a file."""

from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from jscgc_theory.errors import InputError
from jscgc_theory.records.whole_files import written_whole_file

_NAME = "caption"


@torch.no_grad()
def embed_empty_prompt(
    source: str, *, dtype: torch.dtype = torch.bfloat16
) -> Float[Tensor, "n_rows caption_dim"]:
    """Return what Z-Image's pipeline makes of the empty prompt.

    The template of the chat leaves about a dozen rows of it. The text encoder is let go before
    this returns.

    Args:
        source: Folder or name on the hub of the whole pipeline, such as ``Tongyi-MAI/Z-Image``.
        dtype: Precision of the text encoder.

    Returns:
        The embedding.

    Raises:
        InputError: If text encoder or tokenizer cannot be read.
    """
    # Each takes seconds to import.
    from diffusers import ZImagePipeline
    from transformers import AutoModel, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(source, subfolder="tokenizer")
        encoder: Any = AutoModel.from_pretrained(source, subfolder="text_encoder", dtype=dtype)
    except Exception as error:
        # Whatever the readers of configurations and weights raise, the folder is at fault.
        reason = " ".join(str(error).split())
        raise InputError(
            f"{source} holds no text encoder that can be read ({reason}); give the whole pipeline"
        ) from error
    pipeline = ZImagePipeline(None, None, encoder.eval(), tokenizer, None)
    (rows,), _ = pipeline.encode_prompt("", encoder.device, do_classifier_free_guidance=False)
    return rows.clone()


def store_caption_file(caption: Float[Tensor, "n_rows caption_dim"], path: Path) -> None:
    """Write an embedding as safetensors; the file is there whole or not at all.

    Args:
        caption: The embedding.
        path: The file.
    """
    with written_whole_file(path) as partial:
        save_file({_NAME: caption.detach().cpu().contiguous()}, partial)


def read_caption(path: Path) -> Float[Tensor, "n_rows caption_dim"]:
    """Read an embedding.

    Args:
        path: File of :func:`store_caption_file`.

    Returns:
        The embedding.

    Raises:
        InputError: If the file cannot be read or holds no embedding.
    """
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise InputError(f"{path} cannot be read as a caption ({error}); make it anew") from error
    if _NAME not in tensors or tensors[_NAME].dim() != 2:
        raise InputError(f"{path} holds no table named {_NAME!r}; make the caption anew")
    return tensors[_NAME]
