"""What is found when latents are made ready, and what is said about it."""

from jscgc_theory.records import Record
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.content import Content, Table, content_of


class AutoencoderReport(Record):
    """An autoencoder that was trained."""

    recipe: str
    folder: str
    """Where it lies; give it as ``codec.name``."""
    latent_shape: tuple[int, ...]
    n_parameters: int
    n_images: int
    """Fresh draws of its source that were reconstructed."""
    psnr_db: float
    """Of those reconstructions, a mean over images."""


class LatentCacheReport(Record):
    """A cache of latents that was written."""

    folder: str
    """Where it lies; give it as ``codec.cache``."""
    n_latents: int
    latent_shape: tuple[int, ...]
    n_bytes: int


@content_of.register(AutoencoderReport)
def autoencoder_content(result: AutoencoderReport) -> Content:
    """Return what is said about an ``AutoencoderReport``.

    Args:
        result: The report.

    Returns:
        The content.
    """
    return Content(
        question=f"How well does {result.recipe} reconstruct?",
        answer=f"{format_number(result.psnr_db, 4)} dB PSNR over {result.n_images} images.",
        remarks=(f"It lies in {result.folder}: give it to a recipe as codec.name.",),
        tables=(_sizes(result.latent_shape, ("parameters", f"{result.n_parameters:,}")),),
        terms=(("PSNR", "peak signal to noise ratio, a mean over images"),),
    )


@content_of.register(LatentCacheReport)
def cache_content(result: LatentCacheReport) -> Content:
    """Return what is said about a ``LatentCacheReport``.

    Args:
        result: The report.

    Returns:
        The content.
    """
    return Content(
        question="What was kept?",
        answer=f"{result.n_latents:,} latents in {format_number(result.n_bytes / 2**20, 3)} MiB.",
        remarks=(f"They lie in {result.folder}: give it to a recipe as codec.cache.",),
        tables=(_sizes(result.latent_shape, ("latents", f"{result.n_latents:,}")),),
        terms=(("latent", "what the autoencoder makes of an image, scaled to unit power"),),
    )


def _sizes(latent_shape: tuple[int, ...], counted: tuple[str, str]) -> Table:
    return Table(
        caption="Latents",
        columns=("channels, height, width", counted[0]),
        rows=((" x ".join(str(one) for one in latent_shape), counted[1]),),
    )
