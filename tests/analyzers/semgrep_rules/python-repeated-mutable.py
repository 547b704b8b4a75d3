def tables(rows, columns, name):
    # ruleid: python-repeated-mutable
    grid = [[0] * columns] * rows
    # ruleid: python-repeated-mutable
    buckets = [[]] * rows
    # ruleid: python-repeated-mutable
    counts = [{}] * rows
    # ok: python-repeated-mutable
    zeros = [0] * columns
    # ok: python-repeated-mutable
    fresh = [[0] * columns for _ in range(rows)]
    # ok: python-repeated-mutable
    pairs = [(name, 0)] * rows
    # ok: python-repeated-mutable
    assert zeros == [[]] * rows
    return grid, buckets, counts, zeros, fresh, pairs
