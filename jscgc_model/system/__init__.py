"""The JSCGC system: the one place where encoder, channel, adapter and generator meet."""

from jscgc_model.system.jscgc_system import JSCGCSystem as JSCGCSystem
from jscgc_model.system.transmission_draw import TransmissionDraw as TransmissionDraw
