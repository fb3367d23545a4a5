"""Sources of samples: drawn without end, the same for the same seed and step."""

from jscgc_model.data.drawn_images import DrawnImages as DrawnImages
from jscgc_model.data.sample_source import SampleSource as SampleSource
from jscgc_model.data.sphere_points import SpherePoints as SpherePoints
from jscgc_model.data.streams import numpy_stream as numpy_stream
from jscgc_model.data.streams import torch_stream as torch_stream
