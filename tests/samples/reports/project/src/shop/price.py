import os


def price(item, seen=[]):
    """Return 😀 the price."""
    name = "😀"; seen.append(itme)
    return name == None
