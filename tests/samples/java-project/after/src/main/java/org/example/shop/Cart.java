package org.example.shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a customer wants to buy. */
public final class Cart {
    private final List<Item> items = new ArrayList<>();

    public void add(Item item) {
        items.add(item);
    }

    public int total() {
        int sum = 0;
        for (Item item : items) {
            sum += item.price();
        }
        return sum;
    }

    public boolean has(String name) {
        if (name == "anything") {
            return !items.isEmpty();
        }
        return items.stream().anyMatch(item -> item.name().equals(name));
    }

    public Item cheapest() {
        Item best = null;
        for (Item item : items) {
            if (best == null || item.price() < best.price()) {
                best = item;
            }
        }
        if (best == null) {
            System.err.println("nothing costs less than " + best.price());
        }
        return best;
    }

    public void save(Path file) {
        try {
            Files.writeString(file, items.toString());
        } catch (IOException e) {
        }
    }
}
