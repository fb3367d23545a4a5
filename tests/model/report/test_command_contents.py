"""What the terminal says after recipes, train and transmit."""

from jscgc_model.cli.records import TrainingReport, TransmissionReport, list_recipes
from jscgc_model.recipes import RECIPES
from jscgc_model.recipes.autoencoder_recipe import AUTOENCODER_RECIPES
from jscgc_model.recipes.gpu_recipes import GPU_RECIPES
from jscgc_model.recipes.judge_recipe import JUDGE_RECIPES
from jscgc_theory.report.content import content_of


def test_recipes_are_listed_one_a_row():
    content = content_of(list_recipes())
    (table,) = content.tables
    names = [*RECIPES, *GPU_RECIPES, *JUDGE_RECIPES, *AUTOENCODER_RECIPES]
    assert [row[0] for row in table.rows] == names
    recipe = RECIPES["tiny_sphere"]()
    row = dict(zip([one[0] for one in table.rows], table.rows, strict=True))["tiny_sphere"]
    assert row[1:] == (
        recipe.about,
        str(recipe.training.n_steps),
        str(recipe.training.batch_size),
    )


def test_a_training_says_how_it_ended():
    content = content_of(
        TrainingReport(
            recipe="tiny_sphere",
            folder="runs/here",
            n_steps_done=2000,
            last_loss=0.12345,
            n_samples_per_second=543.21,
            n_parameters={"encoder": 0, "adapter": 12_000, "backbone": 3_400},
        )
    )
    for part in ("2000 steps", "0.1235", "543 samples"):
        assert part in content.answer
    assert "runs/here" in content.remarks[0]
    assert content.tables[0].rows[-1] == ("total", "15,400")


def test_a_transmission_says_what_it_cost_and_how_far_it_errs():
    result = TransmissionReport(
        snr_db=5.0,
        n_samples=2,
        n_draws=3,
        n_symbols=16,
        bandwidth_ratio=0.0625,
        side_symbols=0.5,
        capacity_bits=32.9,
        distance=(1.5, 2.5),
        files=("sent/generated.npy",),
    )
    content = content_of(result)
    assert "3 times each" in content.answer
    assert "2 data units" in content.answer
    assert "16 complex symbols, 0.0625 for each" in content.remarks[0]
    assert content.tables[0].rows == (("0", "1.5"), ("1", "2.5"))
    assert content.tables[1].rows == (("sent/generated.npy",),)
    once = result.model_copy(update={"n_draws": 1})
    assert "generated once" in content_of(once).answer
