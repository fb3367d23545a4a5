"""Equation (4) by brute force on finite chains, where every sum can be written out."""

import itertools

import numpy as np
import pytest

from jscgc_theory.derivations import equations

N_STATES, N_STEPS = 3, 4


def random_law(rng, *shape):
    table = rng.uniform(0.1, 1.0, shape)
    return table / table.sum(axis=-1, keepdims=True)


def joint_of_paths(start, backwards, end):
    """p(x_0 .. x_T) = p(x_0) p(x_T|x_0) prod p(x_{t-1}|x_t, x_0), keyed by (x_0, ..., x_T)."""
    paths = {}
    for path in itertools.product(range(N_STATES), repeat=N_STEPS + 1):
        mass = start[path[0]] * end[path[0], path[-1]]
        for k in range(2, N_STEPS + 1):
            mass *= backwards[k][path[0], path[k], path[k - 1]]
        paths[path] = mass
    return paths


def log_model(path, model, prior):
    total = np.log(prior[path[-1]])
    for k in range(1, N_STEPS + 1):
        total += np.log(model[k][path[k], path[k - 1]])
    return total


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_both_inequalities_and_the_three_terms(seed):
    """One y_hat: conditioning on it only fixes which laws are meant."""
    rng = np.random.default_rng(seed)
    start = random_law(rng, N_STATES)
    end, prior = random_law(rng, N_STATES, N_STATES), random_law(rng, N_STATES)
    times = range(2, N_STEPS + 1)
    backwards = {k: random_law(rng, N_STATES, N_STATES, N_STATES) for k in times}
    model = {k: random_law(rng, N_STATES, N_STATES) for k in range(1, N_STEPS + 1)}
    truth = joint_of_paths(start, backwards, end)

    marginal = np.zeros(N_STATES)
    for path in truth:
        marginal[path[0]] += np.exp(log_model(path, model, prior))
    entropy = -float(start @ np.log(start))
    cross_entropy = -float(start @ np.log(marginal))
    whole, terms = 0.0, 0.0
    for path, mass in truth.items():
        whole -= mass * (log_model(path, model, prior) - np.log(mass / start[path[0]]))
        terms -= mass * np.log(model[1][path[1], path[0]])
        terms += mass * np.log(end[path[0], path[-1]] / prior[path[-1]])
        for k in times:
            true_step = backwards[k][path[0], path[k], path[k - 1]]
            terms += mass * np.log(true_step / model[k][path[k], path[k - 1]])
    assert entropy <= cross_entropy <= whole
    assert whole == pytest.approx(terms, rel=1e-10)


def test_the_statement_has_the_three_terms():
    terms = equations()[4]().rhs.args[0].args
    assert sorted(type(term).__name__ for term in terms) == [
        "D_{\\mathrm{KL}}", "Mul", "Sum",
    ]  # fmt: skip
