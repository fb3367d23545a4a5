"""Theory of generative communication: dimension, covering, information, radius bounds.

The questions a user asks are functions of this module and take points as they are: ``dimension``,
``covering``, ``mi``, ``delta_star``, ``check`` and ``exact``, the same as the commands of
``jscgc``. What they are made of lies in the rooms ``intrinsic_dimension``, ``covering_numbers``,
``mutual_information``, ``inconsistency``, ``sources`` and ``bounds``.

Names are imported on first use (they are listed in ``__init__.pyi``), so that importing the
package costs nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
