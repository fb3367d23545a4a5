"""Z-Image with its published weights: what is saved says where they lie, not what they are."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Self

import torch
from diffusers.models.modeling_utils import ModelMixin
from diffusers.models.transformers.transformer_z_image import SEQ_MULTI_OF

from jscgc_model.generator.captions import read_caption, store_caption_file
from jscgc_model.generator.z_image_backbone import ZImageBackbone
from jscgc_model.generator.z_image_sizes import ZImageSizes
from jscgc_theory.errors import InputError

_CAPTION = "caption.safetensors"


# diffusers looks for ModelMixin by its name in the module of a component.
class PublishedZImage(ZImageBackbone, ModelMixin):
    """A backbone whose weights lie elsewhere, on the hub or in a folder, as long as it is frozen.

    Saving 12 GB beside each adapter would tell nothing new; once thawed, it is saved whole.

    Args:
        transformer_config: See the base class.
        n_caption_rows: See the base class.
        is_padded: See the base class.
        seed: See the base class.
        published: ``source``, ``subfolder`` and ``dtype`` of the weights; None if they are its
            own.
    """

    def __init__(
        self,
        transformer_config: Mapping[str, Any],
        *,
        n_caption_rows: int = SEQ_MULTI_OF,
        is_padded: bool = True,
        seed: int = 0,
        published: Mapping[str, str | None] | None = None,
    ) -> None:
        super().__init__(
            transformer_config, n_caption_rows=n_caption_rows, is_padded=is_padded, seed=seed
        )
        self.register_to_config(published=published)

    @classmethod
    def from_z_image(
        cls,
        source: str,
        *,
        subfolder: str | None = "transformer",
        dtype: torch.dtype = torch.bfloat16,
    ) -> Self:
        """Return Z-Image with its published weights, frozen; it remembers where they lie.

        Args:
            source: Folder or name on the hub, such as ``Tongyi-MAI/Z-Image``.
            subfolder: Where the transformer lies in it.
            dtype: Type of the weights.

        Returns:
            The backbone, with 32 rows of zeros for a caption.

        Raises:
            InputError: If there is no such transformer or it cannot be read.
        """
        try:
            backbone = super().from_z_image(source, subfolder=subfolder, dtype=dtype)
        except Exception as error:
            # Whatever the readers of configurations and weights raise, the folder is at fault.
            reason = " ".join(str(error).split())
            raise InputError(
                f"{source} cannot be read as Z-Image ({reason}); give a folder of "
                "ZImageTransformer2DModel.save_pretrained, or a name on the hub"
            ) from error
        name = str(dtype).removeprefix("torch.")
        backbone.register_to_config(
            published={"source": source, "subfolder": subfolder, "dtype": name}
        )
        return backbone

    def set_trainable(self, is_trainable: bool) -> None:
        """Freeze or thaw the weights; once thawed they are no longer the published ones.

        Args:
            is_trainable: Whether they shall have gradients.
        """
        super().set_trainable(is_trainable)
        if is_trainable:
            self.register_to_config(published=None)

    def save_pretrained(self, save_directory: str | PathLike[str], **options: Any) -> None:
        """Save where the weights lie, and the caption; or everything, if they were thawed.

        Args:
            save_directory: Folder.
            **options: Others of diffusers.
        """
        if self.config.published is None:
            super().save_pretrained(save_directory, **options)
            return
        folder = Path(save_directory)
        folder.mkdir(parents=True, exist_ok=True)
        self.save_config(folder)
        store_caption_file(self.caption, folder / _CAPTION)

    @classmethod
    def from_pretrained(cls, folder: str | PathLike[str], **options: Any) -> Self:
        """Return a saved backbone; published weights are read where they lie.

        Args:
            folder: Folder of :meth:`save_pretrained`.
            **options: Others of diffusers.

        Returns:
            The backbone.
        """
        published = cls.load_config(folder).get("published")
        if published is None:
            return super().from_pretrained(folder, **options)
        dtype = getattr(torch, published["dtype"])
        backbone = cls.from_z_image(
            published["source"], subfolder=published["subfolder"], dtype=dtype
        )
        backbone.store_caption(read_caption(Path(folder) / _CAPTION).to(dtype))
        return backbone


def read_z_image(source: str, sizes: ZImageSizes, dtype: torch.dtype) -> PublishedZImage:
    """Return published weights that were promised to have some sizes.

    Args:
        source: Folder of a transformer or of a whole pipeline, or a name on the hub.
        sizes: What else depends on.
        dtype: Type of the weights.

    Returns:
        The backbone, frozen.

    Raises:
        InputError: If the weights cannot be read or have other sizes.
    """
    is_bare = (Path(source) / "config.json").is_file()
    subfolder = None if is_bare else "transformer"
    backbone = PublishedZImage.from_z_image(source, subfolder=subfolder, dtype=dtype)
    found, wanted = backbone.transformer.config, sizes.transformer_config()
    # Tables of positions may be longer: they hold no weights.
    names = [name for name in wanted if name not in ("axes_lens", "all_f_patch_size")]
    odd = [name for name in names if _plain(found[name]) != _plain(wanted[name])]
    if odd:
        told = ", ".join(f"{name} = {found[name]}, not {wanted[name]}" for name in odd)
        raise InputError(f"{source} has {told}; give its sizes in the architecture")
    return backbone


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value
