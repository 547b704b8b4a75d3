from shop.price import Basket, price

assert price(10) == 12.0
Basket().add(price(1))
