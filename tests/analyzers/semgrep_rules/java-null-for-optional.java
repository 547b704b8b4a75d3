class Finder {
    Optional<String> find(String key) {
        if (key.isEmpty()) {
            // ruleid: java-null-for-optional
            return null;
        }
        // ok: java-null-for-optional
        return Optional.empty();
    }

    public static Optional<Integer> count(List<String> all) {
        // ruleid: java-null-for-optional
        return null;
    }

    String name(String key) {
        // ok: java-null-for-optional
        return null;
    }

    Optional<Supplier<String>> supplier() {
        // ok: java-null-for-optional
        return Optional.of(() -> { return null; });
    }
}
