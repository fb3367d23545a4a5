"""The charts of the published benchmark manifolds: from parameters to points.

Each chart maps a matrix of parameters, one row a point, to a matrix of coordinates. Definitions
after Hein and Audibert (2005), Campadelli et al. (2015) and Rozza et al. (2012); where the papers
leave a choice, the one of scikit-dimension 0.5 is taken, so that results compare.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.sources.directions import directions_of

Parameters = Float[NDArray[np.float64], "n_points n_parameters"]
Coordinates = Float[NDArray[np.float64], "n_points natural_dim"]

_AFFINE_3_TO_5 = np.array(
    [
        [1.2, 0.5, -0.5, 0.4, 1.1],
        [-0.5, 0.9, -0.2, -0.9, -0.3],
        [0.0, 0.0, 1.0, -0.1, 0.0],
    ]
)
_AFFINE_3_TO_5_SHIFT = np.array([3.0, -1.0, 0.0, 0.0, 8.0])


def identity(p: Parameters) -> Coordinates:
    """Points that are their own parameters.

    Args:
        p: Parameters.

    Returns:
        The parameters.
    """
    return p


def unit_direction(p: Parameters) -> Coordinates:
    """Project onto the unit sphere: standard normal parameters give the uniform law.

    Args:
        p: Parameters.

    Returns:
        Unit vectors.
    """
    return directions_of(p)


def affine_3_to_5(p: Parameters) -> Coordinates:
    """Map three parameters into R^5 affinely (M2).

    Args:
        p: Three parameters a row.

    Returns:
        Five coordinates a row.
    """
    return np.asarray(p @ _AFFINE_3_TO_5 + _AFFINE_3_TO_5_SHIFT)


def concentrated_4_to_6(p: Parameters) -> Coordinates:
    """Four parameters on a concentrated figure in R^6 that is easily taken for a 3-D one (M3).

    Args:
        p: Four parameters a row.

    Returns:
        Six coordinates a row.
    """
    a, b, c, d = p.T
    return np.column_stack(
        (
            b**2 * np.cos(2.0 * np.pi * a),
            c**2 * np.sin(2.0 * np.pi * a),
            b + c + (b - d) ** 2,
            b - 2.0 * c + (a - d) ** 2,
            -b - 2.0 * c + (c - d) ** 2,
            a**2 - b**2 + c**2 - d**2,
        )
    )


def nested_circles(p: Parameters, copies: int) -> Coordinates:
    """Circles whose radius is the next parameter, repeated side by side (M4, M6, M8).

    Args:
        p: d parameters a row.
        copies: How often the 2 d coordinates are repeated.

    Returns:
        2 d copies coordinates a row.
    """
    radius = np.roll(p, -1, axis=1)
    angle = 2.0 * np.pi * p
    pairs = np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=2)
    return np.tile(pairs.reshape(len(p), -1), copies)


def toroidal_helix(p: Parameters) -> Coordinates:
    """A curve wound eight times about a torus (M5a).

    Args:
        p: The angle.

    Returns:
        Three coordinates a row.
    """
    t = p[:, 0]
    ring = 2.0 + np.cos(8.0 * t)
    return np.column_stack((ring * np.cos(t), ring * np.sin(t), np.sin(8.0 * t)))


def helicoid(p: Parameters) -> Coordinates:
    """A helicoid, the ruled surface of a helix (M5b).

    Args:
        p: Distance from the axis and angle.

    Returns:
        Three coordinates a row.
    """
    reach, angle = p.T
    return np.column_stack((reach * np.cos(angle), reach * np.sin(angle), 0.5 * angle))


def swiss_roll(p: Parameters) -> Coordinates:
    """The Swiss roll (M7), drawn uniformly in the angle as published, not by area.

    Args:
        p: Angle and height.

    Returns:
        Three coordinates a row.
    """
    angle, height = p.T
    return np.column_stack((angle * np.cos(angle), height, angle * np.sin(angle)))


def cube_surface(p: Parameters) -> Coordinates:
    """The surface of the unit cube of R^(d+1) (M10): d coordinates and the number of a face.

    Args:
        p: d coordinates in [0, 1], then the face as a whole number from 0 to 2 d + 1.

    Returns:
        d + 1 coordinates a row.
    """
    face = p[:, -1].astype(np.int64)
    axis, side = face // 2, face % 2
    columns = np.arange(p.shape[1])
    # The coordinates behind the fixed one move up by a place.
    source = np.clip(columns - (columns > axis[:, None]), 0, p.shape[1] - 2)
    points = np.take_along_axis(p[:, :-1], source, axis=1)
    points[np.arange(len(p)), axis] = side
    return np.asarray(points)


def moebius_band(p: Parameters) -> Coordinates:
    """A band twisted ten half turns (M11), drawn uniformly in its parameters, not by area.

    Args:
        p: Angle and position across the band.

    Returns:
        Three coordinates a row.
    """
    angle, across = p.T
    reach = 1.0 + 0.5 * across * np.cos(5.0 * angle)
    height = 0.5 * across * np.sin(5.0 * angle)
    return np.column_stack((reach * np.cos(angle), reach * np.sin(angle), height))


def s_curve(p: Parameters) -> Coordinates:
    """The S-shaped surface (M13a).

    Args:
        p: Angle and height.

    Returns:
        Three coordinates a row.
    """
    angle, height = p.T
    rise = np.sign(angle) * (np.cos(angle) - 1.0)
    return np.column_stack((np.sin(angle), height, rise))


def wide_helix(p: Parameters) -> Coordinates:
    """A helix of radius 100 and pitch 2 pi (M13b).

    Args:
        p: The angle.

    Returns:
        Three coordinates a row.
    """
    angle = p[:, 0]
    return np.column_stack((100.0 * np.cos(angle), 100.0 * np.sin(angle), angle))


def beta_waves(p: Parameters) -> Coordinates:
    """Each parameter bent into a plane curve, every coordinate given twice (Mbeta).

    Args:
        p: d parameters a row.

    Returns:
        4 d coordinates a row.
    """
    angle = 2.0 * np.pi * p
    halves = np.hstack((p * np.sin(np.cos(angle)), p * np.cos(np.sin(angle))))
    return np.tile(halves, 2)


def tangled_tangents(p: Parameters) -> Coordinates:
    """Tangents and arctangents of parameters paired from both ends, given twice (Mn1, Mn2).

    Args:
        p: d parameters a row.

    Returns:
        4 d coordinates a row.
    """
    mirrored = p[:, ::-1]
    halves = np.hstack((np.tan(p * np.cos(mirrored)), np.arctan(mirrored * np.sin(p))))
    return np.tile(halves, 2)


def paraboloid(p: Parameters) -> Coordinates:
    """A paraboloid with its sines and squares appended (Mp1 to Mp3).

    Args:
        p: d parameters a row.

    Returns:
        3 (d + 1) coordinates a row.
    """
    raised = np.column_stack((p, np.sum(p**2, axis=1)))
    return np.hstack((raised, np.sin(raised), raised**2))
