"""Random sources that know their own truth; estimators never import them."""

from jscgc_theory.sources.benchmark_manifolds import BENCHMARK_MANIFOLDS as BENCHMARK_MANIFOLDS
from jscgc_theory.sources.benchmark_manifolds import BenchmarkManifold as BenchmarkManifold
from jscgc_theory.sources.benchmark_manifolds import benchmark_manifold as benchmark_manifold
from jscgc_theory.sources.cubes_and_tori import Cube as Cube
from jscgc_theory.sources.cubes_and_tori import FlatTorus as FlatTorus
from jscgc_theory.sources.curved_surfaces import MoebiusBand as MoebiusBand
from jscgc_theory.sources.curved_surfaces import Torus as Torus
from jscgc_theory.sources.drawn_images import DEMO_DRAWING as DEMO_DRAWING
from jscgc_theory.sources.drawn_images import FACTOR_NAMES as FACTOR_NAMES
from jscgc_theory.sources.drawn_images import Drawing as Drawing
from jscgc_theory.sources.drawn_images import DrawnSample as DrawnSample
from jscgc_theory.sources.drawn_images import demo_images as demo_images
from jscgc_theory.sources.linear_manifolds import GaussianSubspace as GaussianSubspace
from jscgc_theory.sources.linear_manifolds import Parallelotope as Parallelotope
from jscgc_theory.sources.manifold import KnowsCoincidence as KnowsCoincidence
from jscgc_theory.sources.manifold import KnowsSmallBall as KnowsSmallBall
from jscgc_theory.sources.manifold import Manifold as Manifold
from jscgc_theory.sources.rolled_up import Helix as Helix
from jscgc_theory.sources.rolled_up import SCurve as SCurve
from jscgc_theory.sources.rolled_up import SwissRoll as SwissRoll
from jscgc_theory.sources.spheres_and_balls import Ball as Ball
from jscgc_theory.sources.spheres_and_balls import Sphere as Sphere
