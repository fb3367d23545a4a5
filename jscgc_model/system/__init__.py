"""What every trained system offers; JSCGC, where encoder, adapter and generator meet."""

from jscgc_model.system.communication_system import CommunicationSystem as CommunicationSystem
from jscgc_model.system.jscgc_system import JSCGCSystem as JSCGCSystem
from jscgc_model.system.transmission_draw import TransmissionDraw as TransmissionDraw
