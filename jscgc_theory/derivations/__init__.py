"""The paper's equations and what follows from them, derived in SymPy step by step."""

from jscgc_theory.derivations.catalogue import equations as equations
from jscgc_theory.derivations.catalogue import errata as errata
from jscgc_theory.derivations.catalogue import further_statements as further_statements
from jscgc_theory.derivations.catalogue import proofs as proofs
from jscgc_theory.derivations.step import Proof as Proof
from jscgc_theory.derivations.step import Step as Step
from jscgc_theory.derivations.typesetting import typeset as typeset
