"""How far reconstructions are from originals, under protocols that the names stand for."""

from jscgc_model.metrics.catalogue import METRIC_NAMES as METRIC_NAMES
from jscgc_model.metrics.catalogue import METRICS_WITHOUT_WEIGHTS as METRICS_WITHOUT_WEIGHTS
from jscgc_model.metrics.catalogue import Weights as Weights
from jscgc_model.metrics.catalogue import make_metric as make_metric
from jscgc_model.metrics.catalogue import metrics_on as metrics_on
from jscgc_model.metrics.catalogue import network_of as network_of
from jscgc_model.metrics.feature_extractor import FeatureExtractor as FeatureExtractor
from jscgc_model.metrics.frechet_distance import (
    squared_frechet_distance as squared_frechet_distance,
)
from jscgc_model.metrics.image_pairs import ImagePairs as ImagePairs
from jscgc_model.metrics.judge import Judge as Judge
from jscgc_model.metrics.judge import load_judge as load_judge
from jscgc_model.metrics.judge_distance import JudgeDistance as JudgeDistance
from jscgc_model.metrics.kernel_distance import squared_kernel_distance as squared_kernel_distance
from jscgc_model.metrics.metric import Metric as Metric
from jscgc_model.metrics.per_image_metric import PerImageMetric as PerImageMetric
from jscgc_model.metrics.perceptual_distance import LpipsNetwork as LpipsNetwork
from jscgc_model.metrics.perceptual_distance import load_lpips_network as load_lpips_network
from jscgc_model.metrics.set_metric import SetMetric as SetMetric
