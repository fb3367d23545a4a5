"""A perceptual distance from a judge that is trained here: for scores and as a loss."""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from jscgc_model.metrics.judge import Judge

_SMALLEST_NORM = 1e-10


class JudgeDistance(nn.Module):
    """d(x, y) = sum_l mean_hw sum_c (f_lc(x) - f_lc(y))^2, f_l of unit length over channels.

    The form of LPIPS with all weights one, on the maps of the judge's stages. Differentiable in
    both images; the judge stays as it is.

    Args:
        judge: Whose maps f_l are compared.

    References:
        Zhang, Isola, Efros, Shechtman, Wang. The unreasonable effectiveness of deep features as a
        perceptual metric. CVPR 2018.
    """

    def __init__(self, judge: Judge) -> None:
        super().__init__()
        self._judge = judge
        self.network = judge.network

    def forward(
        self,
        originals: Float[Tensor, "batch 3 height width"],
        reconstructions: Float[Tensor, "batch 3 height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the distance of each pair.

        Args:
            originals: Pixels in [0, 1].
            reconstructions: Pixels in [0, 1].

        Returns:
            Distances, at least 0.
        """
        distance = originals.new_zeros(len(originals))
        pairs = zip(self._maps(originals), self._maps(reconstructions), strict=True)
        for first, second in pairs:
            distance = distance + (first - second).square().sum(dim=1).mean(dim=(1, 2))
        return distance

    def _maps(self, images: Tensor) -> list[Tensor]:
        prepared = self._judge.prepare(images.to(self.network.head.weight))
        return [
            functional.normalize(one, dim=1, eps=_SMALLEST_NORM)
            for one in self.network.of_stages(prepared)
        ]
