"""The CA-Adapter: what was received becomes residuals for the generator.

The networks are imported from their own files, ``communication_adapter`` and ``vector_adapter``,
because diffusers takes seconds to load.
"""

from jscgc_model.adapter.settings import AdapterSettings as AdapterSettings
from jscgc_model.adapter.vector_settings import VectorAdapterSettings as VectorAdapterSettings
