import torch
from diffusers.configuration_utils import ConfigMixin
from diffusers.models.modeling_utils import ModelMixin
from diffusers.pipelines.z_image.pipeline_z_image import ZImagePipeline
from diffusers.schedulers import FlowMatchEulerDiscreteScheduler
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.generator.time_convention import paper_velocity, z_image_time

CHANNELS = 16


class IdealZImage(ModelMixin, ConfigMixin):
    """What Z-Image would predict if the data were one point, by way of our convention."""

    def __init__(self, x_0):
        super().__init__()
        self.register_buffer("x_0", x_0)
        self.in_channels = CHANNELS

    def forward(self, x, t, cap_feats, **options):
        noisy, time = torch.stack(list(x)), z_image_time(t)
        velocity = (noisy - self.x_0) / time[:, None, None, None, None]
        return (list(paper_velocity(velocity)),)


@given(st.lists(st.floats(0.0, 1.0, width=32), min_size=1, max_size=9))
def test_the_conversion_of_time_is_its_own_inverse(time):
    s = torch.tensor(time, dtype=torch.float64)
    torch.testing.assert_close(z_image_time(z_image_time(s)), s)


def test_half_precision_times_are_widened():
    assert z_image_time(torch.ones(1, dtype=torch.bfloat16)).dtype == torch.float32
    assert z_image_time(torch.ones(1, dtype=torch.float64)).dtype == torch.float64


def test_the_shipped_pipeline_takes_the_ideal_field_to_the_data():
    generator = torch.Generator().manual_seed(0)
    x_0 = torch.randn(CHANNELS, 1, 16, 16, generator=generator)
    pipeline = ZImagePipeline(
        FlowMatchEulerDiscreteScheduler(shift=3.0), None, None, None, IdealZImage(x_0)
    )
    pipeline.set_progress_bar_config(disable=True)
    latents = pipeline(
        prompt_embeds=[torch.zeros(32, 8)],
        height=128,
        width=128,
        num_inference_steps=9,
        guidance_scale=0.0,
        generator=generator,
        output_type="latent",
    ).images
    torch.testing.assert_close(latents[0], x_0[:, 0], rtol=0.0, atol=2e-6)
