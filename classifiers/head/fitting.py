"""Fitting: logistic regression with L2, on everything at once, the same to the last bit again.

No product of this file goes through BLAS, whose sums depend on how many threads it finds.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Slope = tuple[float, Floats]
"""How high, and which way up."""

ROUNDS = 200
SMALL = 1e-4
"""Of a gradient: there is nothing more to gain."""

_REMEMBERED = 10
_SHORTEST_STEP = 1e-10
_ENOUGH = 1e-4
"""Of what the slope promises, a step must gain this share (Armijo 1966)."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Some columns given as they are, the others sparse: rows, columns, values."""

    dense: Floats
    rows: Places
    columns: Places
    values: Floats
    width: int

    @property
    def size(self) -> int:
        """How many weights there are, with the bias, which is the first."""
        return 1 + int(self.dense.shape[1]) + self.width

    def times(self, weights: Floats) -> Floats:
        """Return what each row adds up to."""
        at = 1 + self.dense.shape[1]
        sparse = self.values * weights[at:][self.columns]
        sums: Floats = np.bincount(self.rows, sparse, len(self.dense)) + weights[0]
        sums += (self.dense * weights[1:at]).sum(axis=1)
        return sums

    def back(self, errors: Floats) -> Floats:
        """Return what each weight adds up to."""
        sparse = np.bincount(self.columns, self.values * errors[self.rows], self.width)
        dense = (self.dense * errors[:, np.newaxis]).sum(axis=0)
        return np.concatenate(([errors.sum()], dense, sparse))


def sigmoid(logits: Floats) -> Floats:
    """Return shares of 1, also of what is far away."""
    smaller = np.exp(-np.abs(logits))
    found: Floats = np.where(logits >= 0, 1.0, smaller) / (1.0 + smaller)
    return found


def log_loss(logits: Floats, labels: Floats) -> float:
    """Return the mean surprise at the labels."""
    return float((np.logaddexp(0.0, logits) - labels * logits).mean())


def fit(matrix: Matrix, labels: Floats, penalty: float) -> Floats:
    """Return the weights under which the labels are most likely; the bias costs nothing."""
    costs = np.full(matrix.size, penalty)
    costs[0] = 0.0

    def slope(weights: Floats) -> Slope:
        logits = matrix.times(weights)
        loss = (np.logaddexp(0.0, logits) - labels * logits).sum()
        loss += 0.5 * (costs * weights * weights).sum()
        return float(loss), matrix.back(sigmoid(logits) - labels) + costs * weights

    return minimum(slope, np.zeros(matrix.size))


def minimum(slope: Callable[[Floats], Slope], start: Floats) -> Floats:
    """Return the lowest place of a convex function: L-BFGS (Nocedal 1980), with steps halved."""
    at = start
    height, gradient = slope(at)
    remembered: deque[tuple[Floats, Floats]] = deque(maxlen=_REMEMBERED)
    for _ in range(ROUNDS):
        if float(np.abs(gradient).max()) < SMALL:
            break
        way = -_newton(gradient, remembered)
        step, promised = 1.0, _dot(gradient, way)
        while (found := slope(at + step * way))[0] > height + _ENOUGH * step * promised:
            step /= 2
            if step < _SHORTEST_STEP:
                return at
        moved, turned = step * way, found[1] - gradient
        if _dot(moved, turned) > 0.0:
            remembered.append((moved, turned))
        at, (height, gradient) = at + moved, found
    return at


def _newton(gradient: Floats, remembered: deque[tuple[Floats, Floats]]) -> Floats:
    """Return the gradient times what the last steps tell of the inverse curvature."""
    found, shares = gradient, []
    for moved, turned in reversed(remembered):
        share = _dot(moved, found) / _dot(moved, turned)
        shares.append(share)
        found = found - share * turned
    if remembered:
        moved, turned = remembered[-1]
        found = found * (_dot(moved, turned) / _dot(turned, turned))
    else:
        found = found / max(1.0, float(np.sqrt(_dot(found, found))))
    for (moved, turned), share in zip(remembered, reversed(shares), strict=True):
        found = found + (share - _dot(turned, found) / _dot(moved, turned)) * moved
    return found


def _dot(one: Floats, other: Floats) -> float:
    return float((one * other).sum())
