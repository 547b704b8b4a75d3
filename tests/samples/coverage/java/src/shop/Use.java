package shop;

import java.util.List;

public class Use {
    public static void main(String[] args) {
        Price.price(10, false);
        Price.total(List.of(1.0, 2.0));
    }
}
