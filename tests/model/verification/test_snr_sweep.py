"""The sweep on a system known in every number, on broken ones, and on drawn images."""

import numpy as np
import pytest
import torch

from jscgc_model.data import SpherePoints
from jscgc_model.recipes import build_pipeline, build_source, build_system, make_recipe
from jscgc_model.verification import SystemSweep, sweep
from jscgc_model.verification.posterior_mean import posterior_mean
from jscgc_theory.errors import InputError
from jscgc_theory.sources import SphereChannel
from tests.model.verification.exact_system import exact_pipeline

T_RANGE = (1e-3, 1.0 - 1e-3)
SNR_DB = (-5.0, 5.0)
N_SAMPLES = 2000


def swept(pipeline, snr_db=SNR_DB, n_samples=N_SAMPLES, **settings):
    samples = SpherePoints(2).draw(n_samples, np.random.default_rng(0))
    return sweep(pipeline, samples, snr_db, t_range=T_RANGE, seed=3, **settings)


@pytest.fixture(scope="module")
def exact():
    return swept(exact_pipeline(), n_information_samples=N_SAMPLES)


class TestExactSystem:
    def test_information_and_radii_are_those_of_the_channel(self, exact):
        assert [one.snr_db for one in exact.information] == list(SNR_DB)
        for one in exact.information:
            truth = SphereChannel(2, one.snr_db).mutual_information_bits()
            assert one.mi_bits.covers(truth)
        for row in exact.rows:
            channel = SphereChannel(2, row.snr_db)
            assert row.measured_radius.covers(channel.radius_posterior(row.outage_probability))

    def test_every_bound_holds_and_is_ordered(self, exact):
        assert len(exact.rows) == 4
        for row in exact.rows:
            truth = SphereChannel(2, row.snr_db)
            radius = truth.radius_at_log2_probability(truth.log2_beta(row.outage_probability))
            assert row.meta_converse.covers(radius)
            assert row.perception.value <= row.meta_converse.value <= row.measured_radius.value
            for name in ("finite_outage_fano", "small_ball", "perception"):
                assert row.verdicts[name].verdict == "holds"
            assert row.verdicts["meta_converse"].verdict != "violated"

    def test_the_doubt_of_i_is_in_the_rows(self, exact):
        at = {one.snr_db: one.mi_bits for one in exact.information}
        for row in exact.rows:
            assert row.mi_bits == at[row.snr_db].value
            assert row.mi_interval_bits == at[row.snr_db].interval

    def test_one_dimension_and_constant_for_all(self, exact):
        assert exact.intrinsic_dim.covers(2.0)
        assert exact.n_pairs == exact.n_groups == N_SAMPLES
        assert exact.drawn_images is None
        assert SystemSweep.from_json(exact.to_json()) == exact

    def test_the_same_seed_gives_the_same_sweep(self):
        first, second = (
            swept(exact_pipeline(), (5.0,), 300, outage_probability=[0.1]) for _ in range(2)
        )
        assert first == second

    def test_draws_of_a_source_are_one_group(self):
        found = swept(exact_pipeline(), (0.0,), 300, num_draws=3, outage_probability=[0.1])
        assert (found.n_pairs, found.n_groups) == (900, 300)

    def test_progress_ends_at_one(self):
        told = []
        swept(exact_pipeline(), (0.0, 5.0), 100, n_information_samples=50, progress=told.append)
        assert told == [0.5, 1.0]


class TestBrokenFields:
    @pytest.mark.parametrize("factor", [0.0, 0.5, 2.0])
    def test_no_violation_is_claimed(self, factor):
        """The generator misuses what it receives, and its own field misjudges I."""
        exact = exact_pipeline().system.backbone

        def wrong(right, z, sigma):
            alone = exact._denoised(z, sigma, None, 0.0)
            return alone + factor * (right - alone)

        found = swept(exact_pipeline(conditional=wrong), (5.0,), n_information_samples=500)
        (information,) = found.information
        truth = SphereChannel(2, 5.0).mutual_information_bits()
        assert not information.fields_agree
        assert information.mi_bits.covers(truth)
        for row in found.rows:
            assert row.meta_converse is None
            assert "violated" not in {one.verdict for one in row.verdicts.values()}


@pytest.fixture(scope="module")
def images():
    recipe = make_recipe("tiny_images").changed(["sampler.n_steps=2"])
    pipeline = build_pipeline(recipe, build_system(recipe).eval())
    source = build_source(recipe)
    samples = source.draw(64, np.random.default_rng(0))
    return pipeline, samples, source.drawing


class TestDrawnImages:
    def test_generations_are_judged_by_the_drawing(self, images):
        pipeline, samples, drawing = images
        found = sweep(
            pipeline,
            samples,
            [0.0, 10.0],
            t_range=T_RANGE,
            outage_probability=[0.1],
            n_information_samples=24,
            drawing=drawing,
        )
        report = found.drawn_images
        assert report.source_distance.value < 1e-6
        assert [row.snr_db for row in report.rows] == [0.0, 10.0]
        assert report.examples.shape == (5, 8, 1, 16, 16)
        for row, checked in zip(report.rows, found.rows, strict=True):
            # An untrained system generates noise, and does not care what was received.
            assert row.generated_distance.value > 0.05
            assert row.radius == checked.measured_radius
        np.testing.assert_allclose(
            report.examples.pixels()[0], samples[:8], atol=0.5 / 255.0 + 1e-6
        )
        assert SystemSweep.from_json(found.to_json()) == found

    def test_few_samples_are_refused(self, images):
        pipeline, samples, _ = images
        with pytest.raises(InputError, match="n_information_samples = 19"):
            sweep(pipeline, samples, [0.0], t_range=T_RANGE, n_information_samples=19)


def test_one_step_from_noise_is_the_posterior_mean():
    pipeline = exact_pipeline()
    samples = SpherePoints(2).draw(4000, np.random.default_rng(1))
    received = pipeline.transmit(samples, 5.0, torch.Generator().manual_seed(2))
    means = posterior_mean(
        pipeline, received.features(), samples, torch.Generator().manual_seed(3)
    )
    errors = (means - samples).square().sum(dim=1).double()
    channel = SphereChannel(2, 5.0)
    error = float(errors.std()) / len(samples) ** 0.5
    assert abs(float(errors.mean()) - channel.mmse()) < 4.0 * error
