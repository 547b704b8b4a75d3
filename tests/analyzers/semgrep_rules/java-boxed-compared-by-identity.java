class Numbers {
    private Integer first;
    private Integer second = 3;
    private int plain;

    // ruleid: java-boxed-compared-by-identity
    boolean parameters(Integer left, Integer right) { return left == right; }

    // ruleid: java-boxed-compared-by-identity
    boolean fields() { return first != second; }

    boolean locals(long seed) {
        Long left = seed;
        Long right = seed + 1;
        // ruleid: java-boxed-compared-by-identity
        return left == right;
    }

    // ok: java-boxed-compared-by-identity
    boolean mixed(int left, Integer right) { return left == right; }

    // ok: java-boxed-compared-by-identity
    boolean unboxed() { return first == plain; }

    // ok: java-boxed-compared-by-identity
    boolean missing() { return first == null; }

    // ok: java-boxed-compared-by-identity
    boolean literal(Integer left) { return left == 0; }

    // ok: java-boxed-compared-by-identity
    boolean equal(Integer left, Integer right) { return left.equals(right); }
}
