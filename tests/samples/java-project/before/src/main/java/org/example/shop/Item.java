package org.example.shop;

/** One thing with its price in cents. */
public record Item(String name, int price) {
}
