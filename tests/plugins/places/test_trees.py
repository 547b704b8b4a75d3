import numpy as np

from hunkwise.plugins.places.trees import Trees, matrix

STORED = {
    "columns": ["a", "b"],
    "trees": [
        {"column": [0, 1], "threshold": [1.0, 5.0], "left": [-1, -2], "right": [1, -3], "leaf": [10.0, 20.0, 30.0]},
        {"column": [1], "threshold": [0.0], "left": [-1], "right": [-2], "leaf": [1.0, 2.0]},
    ],
}


def test_each_row_goes_its_way_through_each_tree():
    """A number that is not above the threshold goes left; the leaves add up."""
    rows = np.array([[1.0, 9.0], [1.5, 5.0], [2.0, 5.5], [0.0, 0.0]])
    assert Trees.of(STORED).sums(rows).tolist() == [12.0, 22.0, 32.0, 11.0]


def test_no_rows_have_no_sums():
    """Nothing to evaluate is not an error."""
    assert Trees.of(STORED).sums(matrix([], ["a", "b"])).tolist() == []


def test_a_missing_column_is_zero():
    """Rows have their numbers in the order of the columns."""
    assert matrix([{"b": 2.0}, {"a": 1.0, "c": 9.0}], ["a", "b"]).tolist() == [[0.0, 2.0], [1.0, 0.0]]
