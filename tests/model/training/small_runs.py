"""Recipes that train in a second."""

from jscgc_model.recipes import make_recipe

SPHERE = (
    "architecture.backbone_dim=32",
    "architecture.backbone_layers=2",
    "architecture.adapter_dim=16",
    "training.batch_size=16",
    "training.optimiser=muon",
    "training.learning_rate=3e-3",
    "training.n_warmup_steps=5",
    "sampler.method=heun",
    "sampler.n_steps=4",
)
IMAGES = (
    "architecture.encoder_dims=[16]",
    "architecture.encoder_depths=[1]",
    "architecture.backbone_dim=32",
    "architecture.backbone_layers=2",
    "architecture.adapter_dim=16",
    "architecture.adapter_layers=[0]",
    "architecture.adapter_refiner_blocks=1",
    "source.pixels=8",
    "training.batch_size=8",
    "training.optimiser=adamw",
    "training.learning_rate=2e-3",
    "training.n_warmup_steps=5",
    "sampler.method=euler",
    "sampler.n_steps=3",
)
_RECONSTRUCTION = (
    "source.pixels=8",
    "training.batch_size=8",
    "training.n_warmup_steps=5",
)
RECONSTRUCTIONS = {
    "cjscc": ("architecture.base_width=4", *_RECONSTRUCTION),
    "mamba": ("architecture.dims=[16]", "architecture.depths=[1]", *_RECONSTRUCTION),
}


def as_options(changes):
    """Return assignments as options of ``jscgc train``."""
    return [word for change in changes for word in ("--set", change)]


def small_sphere(*changes):
    """Return a small system on points of S^2; Muon and AdamW both have a part."""
    return make_recipe("tiny_sphere").changed([*SPHERE, *changes])


def small_images(*changes):
    """Return a small system on images of 8 x 8 pixels."""
    return make_recipe("tiny_images").changed([*IMAGES, *changes])


def small_reconstruction(kind, *changes):
    """Return a small system on images of 8 x 8 pixels that reconstructs: cjscc or mamba."""
    return make_recipe(f"tiny_images_{kind}").changed([*RECONSTRUCTIONS[kind], *changes])
