"""Evaluate boosted trees that are stored as plain numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of regression trees over named columns.

    column, threshold, left, right: of each inner node, by tree; a row goes left where its number is not above the
    threshold. A negative child is a leaf: `~child` is its index in `leaf`.
    """

    columns: tuple[str, ...]
    column: Indices
    threshold: Numbers
    left: Indices
    right: Indices
    leaf: Numbers

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> "Trees":
        """Build them from their JSON: `columns`, and `trees` of (column, threshold, left, right, leaf) lists each."""
        columns, trees = stored["columns"], stored["trees"]
        assert isinstance(columns, list) and isinstance(trees, list)
        nodes = max((len(tree["column"]) for tree in trees), default=1)
        leaves = max((len(tree["leaf"]) for tree in trees), default=1)

        def padded(name: str, width: int, kind: type) -> NDArray[np.generic]:
            return np.array([[*tree[name], *[0] * (width - len(tree[name]))] for tree in trees], dtype=kind)

        return cls(
            columns=tuple(columns),
            column=padded("column", nodes, np.intp).astype(np.intp),
            threshold=padded("threshold", nodes, np.float64).astype(np.float64),
            left=padded("left", nodes, np.intp).astype(np.intp),
            right=padded("right", nodes, np.intp).astype(np.intp),
            leaf=padded("leaf", leaves, np.float64).astype(np.float64),
        )

    def sums(self, rows: Numbers) -> Numbers:
        """Return the sum of all trees for each row of numbers in the order of `columns`."""
        if not len(self.leaf) or not len(rows):
            return np.zeros(len(rows))
        trees = np.arange(len(self.leaf))[None, :]
        index = np.arange(len(rows))[:, None]
        node = np.zeros((len(rows), len(self.leaf)), dtype=np.intp)
        while (is_inner := node >= 0).any():
            here = np.maximum(node, 0)
            goes_left = rows[index, self.column[trees, here]] <= self.threshold[trees, here]
            node = np.where(is_inner, np.where(goes_left, self.left[trees, here], self.right[trees, here]), node)
        total: Numbers = self.leaf[trees, ~node].sum(axis=1)
        return total


def matrix(features: Sequence[Mapping[str, float]], columns: Sequence[str]) -> Numbers:
    """Return one row a place; a column that a place does not have is 0."""
    return np.array([[one.get(name, 0.0) for name in columns] for one in features], dtype=np.float64).reshape(
        len(features), len(columns)
    )
