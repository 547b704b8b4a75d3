"""Prices."""

RATE = 0.2


def price(amount, *, sale=False, tax=True):
    if sale:
        # half of it
        amount = amount / 2

        amount = round(amount, 2)
    if tax:
        amount *= 1 + RATE
    return amount


class Basket:
    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)

    def total(self):
        return sum(
            price(item)
            for item in self.items
        )


def unused(a):
    def inner(b):
        return a + b

    return inner
