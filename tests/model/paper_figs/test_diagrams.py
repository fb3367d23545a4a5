"""The diagrams: boxes apart from each other, text inside, sizes of the recipe."""

import itertools
import json
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyBboxPatch

from jscgc_model.recipes.paper import paper
from paper_figs import fig1_system_model, fig2_implementation

ROOM = Path(fig2_implementation.__file__).parent
DIAGRAMS = {
    "system model": lambda: fig1_system_model.figures(ROOM)["fig1_system_model"],
    "implementation": lambda: fig2_implementation.figures(ROOM)["fig2_implementation"],
}


@pytest.fixture(scope="module", params=DIAGRAMS)
def diagram(request):
    figure = DIAGRAMS[request.param]()
    FigureCanvasAgg(figure).draw()
    return figure


def extents(artists):
    return [(artist.get_gid(), artist.get_window_extent()) for artist in artists]


def boxes_of(figure):
    return extents(one for one in figure.axes[0].patches if isinstance(one, FancyBboxPatch))


def test_no_box_and_no_text_lies_on_another(diagram):
    boxes, texts = boxes_of(diagram), extents(diagram.axes[0].texts)
    names = {name for name, _ in boxes}
    apart = [*boxes, *((name, extent) for name, extent in texts if name not in names)]
    for (name, one), (other, two) in itertools.combinations(apart, 2):
        assert not one.overlaps(two), f"{name} lies on {other}"


def test_text_stays_in_its_box_and_on_the_page(diagram):
    texts = extents(diagram.axes[0].texts)
    page = diagram.bbox
    for name, box in boxes_of(diagram):
        assert any(
            text == name and box.contains(*extent.min) and box.contains(*extent.max)
            for text, extent in texts
        ), name
    for name, extent in [*texts, *boxes_of(diagram)]:
        assert page.contains(*extent.min), name
        assert page.contains(*extent.max), name


def test_fig_2_shows_the_recipe_of_the_paper():
    sizes = paper().architecture
    assert sizes.encoder_dims == fig2_implementation.ENCODER_DIMS
    assert sizes.encoder_depths == fig2_implementation.ENCODER_DEPTHS
    assert sizes.symbols_per_token == fig2_implementation.SYMBOLS_PER_TOKEN
    assert sizes.adapter_layers == fig2_implementation.ADAPTER_LAYERS
    assert sizes.adapter_refiner_blocks == fig2_implementation.N_REFINER_BLOCKS
    assert sizes.backbone_layers == fig2_implementation.N_BACKBONE_LAYERS


def test_fig_2_tells_the_numbers_of_its_record():
    budget = json.loads((ROOM.parent / fig2_implementation.RECORD).read_text())["results"]
    changed = budget | {"n_symbols": 640, "bandwidth_ratio": 0.01, "n_velocity_calls": 17}
    texts = " ".join(text.get_text() for text in fig2_implementation.draw(changed).axes[0].texts)
    for told in ("640 symbols", "CBR = 1/100", "17 steps", "5.0 million", "6.15 billion"):
        assert told in texts
