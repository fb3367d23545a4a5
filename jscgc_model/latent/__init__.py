"""Between images and the latents that are sent and generated."""

from jscgc_model.latent.autoencoder_codec import AutoencoderCodec as AutoencoderCodec
from jscgc_model.latent.autoencoder_codec import load_autoencoder as load_autoencoder
from jscgc_model.latent.cached_latents import CachedLatents as CachedLatents
from jscgc_model.latent.codec import LatentCodec as LatentCodec
from jscgc_model.latent.codec import PixelCodec as PixelCodec
from jscgc_model.latent.latent_cache import write_latent_cache as write_latent_cache
from jscgc_model.latent.scaling import LatentScaling as LatentScaling
from jscgc_model.latent.small_autoencoder import (
    SmallAutoencoderSettings as SmallAutoencoderSettings,
)
from jscgc_model.latent.small_autoencoder import build_autoencoder as build_autoencoder
