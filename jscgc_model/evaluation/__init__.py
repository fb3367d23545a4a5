"""Systems side by side on the same images: quality, realism, meaning, cost."""

from jscgc_model.evaluation.drawn_image_metrics import drawn_image_metrics as drawn_image_metrics
from jscgc_model.evaluation.evaluate import evaluate as evaluate
from jscgc_model.evaluation.evaluated_images import EvaluatedImages as EvaluatedImages
from jscgc_model.evaluation.evaluated_system import Delivered as Delivered
from jscgc_model.evaluation.evaluated_system import EvaluatedSystem as EvaluatedSystem
from jscgc_model.evaluation.evaluated_system import PipelineSystem as PipelineSystem
from jscgc_model.evaluation.evaluated_system import ReferenceSystem as ReferenceSystem
from jscgc_model.evaluation.evaluation_report import EvaluationReport as EvaluationReport
from jscgc_model.evaluation.evaluation_report import SystemRow as SystemRow
