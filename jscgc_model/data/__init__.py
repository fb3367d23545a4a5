"""Sources of samples: drawn without end, the same for the same seed and step."""

from jscgc_model.data.drawn_images import DrawnImages as DrawnImages
from jscgc_model.data.encoded_images import EncodedImages as EncodedImages
from jscgc_model.data.fixed_crops import FixedCrops as FixedCrops
from jscgc_model.data.image_crops import ImageCrops as ImageCrops
from jscgc_model.data.image_folder import ImageFolder as ImageFolder
from jscgc_model.data.image_table import ImageTable as ImageTable
from jscgc_model.data.read_ahead import ReadAhead as ReadAhead
from jscgc_model.data.sample_source import SampleSource as SampleSource
from jscgc_model.data.sphere_points import SpherePoints as SpherePoints
from jscgc_model.data.streams import numpy_stream as numpy_stream
from jscgc_model.data.streams import torch_stream as torch_stream
