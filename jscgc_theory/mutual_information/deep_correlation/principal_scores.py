"""What the networks see of a cloud: the leading principal components of its features."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from jscgc_theory.mutual_information.critics.cloud_features import CloudFeatures

MOST_COMPONENTS = 64

Cloud = Float[NDArray[np.float64], "n_points _"]


@dataclass(frozen=True)
class PrincipalScores:
    """Principal components of features of a cloud, all divided by one number.

    They are not whitened: where points lie near a manifold of few dimensions, as images do, most
    components are small and carry noise, and a network given them at unit variance learns it by
    heart.
    """

    features: CloudFeatures
    components: PCA
    scale: float

    @classmethod
    def of(cls, cloud: Cloud) -> Self:
        """Fit the components.

        Args:
            cloud: Training points, shape (n_points, dim).

        Returns:
            The map from points to scores.
        """
        features = CloudFeatures.of(cloud)
        seen = features(cloud)
        n_components = min(MOST_COMPONENTS, *seen.shape)
        # Large tables are decomposed by a randomised method; its seed makes it repeatable.
        components = PCA(n_components=n_components, random_state=0).fit(seen)
        mean_variance = float(components.explained_variance_.mean())
        return cls(features, components, float(np.sqrt(mean_variance)) or 1.0)

    def __call__(self, cloud: Cloud) -> Float[NDArray[np.float32], "n_points n_components"]:
        """Return the scores of points."""
        scores = self.components.transform(self.features(cloud)) / self.scale
        return np.asarray(scores, dtype=np.float32)
