"""The architectures a recipe can name; each builds its own system."""

from typing import Annotated

from pydantic import Field

from jscgc_model.recipes.architectures.cjscc import CJSCCArchitecture as CJSCCArchitecture
from jscgc_model.recipes.architectures.diff_jscc import (
    DiffJSCCArchitecture as DiffJSCCArchitecture,
)
from jscgc_model.recipes.architectures.image import ImageArchitecture as ImageArchitecture
from jscgc_model.recipes.architectures.mamba_jscc import (
    MambaJSCCArchitecture as MambaJSCCArchitecture,
)
from jscgc_model.recipes.architectures.vector import VectorArchitecture as VectorArchitecture

Architecture = Annotated[
    VectorArchitecture
    | ImageArchitecture
    | CJSCCArchitecture
    | MambaJSCCArchitecture
    | DiffJSCCArchitecture,
    Field(discriminator="kind"),
]
"""A new kind is a file in ``architectures/`` and a name here."""
