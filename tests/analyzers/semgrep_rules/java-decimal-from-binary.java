class Prices {
    void make(double rate) {
        // ruleid: java-decimal-from-binary
        use(new BigDecimal(0.1));
        // ruleid: java-decimal-from-binary
        use(new BigDecimal(19.99, MathContext.DECIMAL64));
        // ok: java-decimal-from-binary
        use(new BigDecimal("0.1"));
        // ok: java-decimal-from-binary
        use(new BigDecimal(10));
        // ok: java-decimal-from-binary
        use(new BigDecimal(0.5));
        // ok: java-decimal-from-binary
        use(BigDecimal.valueOf(0.1));
    }
}
