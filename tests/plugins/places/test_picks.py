import numpy as np

from hunkwise.plugins.places.picks import LAST, MANY, Layout, pick, softmax, window_mass


def layout(lines, hunks=None):
    zeros = np.zeros(len(lines), dtype=np.intp)
    return Layout(zeros, np.array(hunks, dtype=np.intp) if hunks else zeros, np.array(lines, dtype=np.intp))


def test_a_window_holds_three_lines_on_either_side():
    """Line 5 is no neighbour of line 1, and another hunk is never near."""
    mass = window_mass(layout([1, 4, 5, 6], [0, 0, 0, 1]), np.array([0.5, 0.3, 0.2, 1.0]))
    assert np.allclose(mass, [0.8, 1.0, 0.5, 1.0])


def test_probabilities_add_up_in_each_group():
    """Utilities of one group do not matter to another."""
    found = softmax(np.array([0.0, 0.0, 5.0]), np.array([0, 0, 1]), 2)
    assert found.tolist() == [0.5, 0.5, 1.0]


def test_a_pick_is_the_likeliest_line_of_its_window():
    """The window around line 3 holds most, and line 2 is the likeliest line in it; it stands for all near it."""
    _, leader = pick(layout([1, 2, 3, 30]), np.array([1.0]), np.array([0.2, 0.4, 0.3, 0.1]))
    assert leader.tolist() == [1, 1, 1, 3]


def test_later_picks_know_their_rank_and_their_hunk():
    """The second pick of a hunk has one before it."""
    inputs, _ = pick(layout([1, 30]), np.array([1.0]), np.array([0.7, 0.3]))
    assert np.allclose(inputs[:, 4], [0.0, np.log(2)])
    assert inputs[:, 5].tolist() == [0.0, 1.0]


def test_the_hundredth_pick_of_a_hunk_counts_like_an_early_one():
    """What the calibration sees of it stays where the calibration was fitted."""
    count = 400
    inputs, _ = pick(layout([10 * line for line in range(count)]), np.array([1.0]), np.full(count, 1 / count))
    assert inputs[:, 4].max() == np.log1p(LAST)
    assert inputs[:, 5].max() == MANY
