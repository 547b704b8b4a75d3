package shop;

import java.util.List;

public class Price {
    private String name;

    public boolean same(Price other) {
        String text = "é" ; return name == other.name;
    }

    public int size(List<String> items) {
        String missing = null;
        return missing.length();
    }
}
