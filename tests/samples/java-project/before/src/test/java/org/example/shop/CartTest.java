package org.example.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CartTest {
    @Test
    void sumsUpThePrices() {
        Cart cart = new Cart();
        cart.add(new Item("tea", 350));
        cart.add(new Item("cup", 900));
        assertEquals(1250, cart.total());
    }
}
