package shop;

import java.util.List;

/** Prices. */
public class Price {
    static final double RATE = 0.2;
    private final String name = "price";

    public static double price(double amount, boolean sale) {
        if (sale) {
            // half of it
            amount = amount / 2;

            amount = Math.round(amount);
        }
        return amount * (1 + RATE);
    }

    public static double total(List<Double> items) {
        return items.stream().mapToDouble(item -> price(item, false)).sum();
    }

    String unused(int number) {
        String text = name
            + number;
        return text;
    }

    int other() {
        return 1;
    }
}
