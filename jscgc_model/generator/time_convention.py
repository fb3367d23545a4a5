"""Z-Image's time and sign; no other file knows them.

The paper: ``x_s = (1 - s) x_0 + s x_T``, s = 0 is data, and the field is ``v = x_T - x_0``.
Z-Image: t = 0 is noise, t = 1 is data, and the network predicts ``x_0 - x_T``. Hence
``nu(x, s) = -z_image(x, 1 - s)``. A wrong sign or direction still trains, on another problem.
"""

from jaxtyping import Float
from torch import Tensor


def z_image_time(time: Float[Tensor, " batch"]) -> Float[Tensor, " batch"]:
    """Return Z-Image's ``t = 1 - s``; its own inverse.

    Args:
        time: s of each sample; half precision is widened, which cannot tell 0.999 from 1.

    Returns:
        t of each sample, at least float32.
    """
    return 1.0 - (time if time.element_size() > 2 else time.float())


def paper_velocity(
    z_image_output: Float[Tensor, " batch *shape"],
) -> Float[Tensor, " batch *shape"]:
    """Return the paper's ``v = x_T - x_0`` from Z-Image's ``x_0 - x_T``; its own inverse.

    Args:
        z_image_output: What the network predicts.

    Returns:
        The velocity.
    """
    return -z_image_output
