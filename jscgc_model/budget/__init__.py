"""What training will cost in parameters, memory and operations, before anything is allocated."""

from jscgc_model.budget.records import MemoryPlan as MemoryPlan
from jscgc_model.budget.records import ParameterCount as ParameterCount
from jscgc_model.budget.records import TrainingBudget as TrainingBudget
from jscgc_model.budget.training_budget import training_budget as training_budget
