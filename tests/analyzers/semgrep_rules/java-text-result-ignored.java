class Texts {
    private String path;

    String clean(String text, StringBuilder builder) {
        // ruleid: java-text-result-ignored
        text.trim();
        // ruleid: java-text-result-ignored
        path.replace('\\', '/');
        // ok: java-text-result-ignored
        text = text.trim();
        // ok: java-text-result-ignored
        String lower = text.toLowerCase();
        // ok: java-text-result-ignored
        builder.replace(0, 1, "x");
        // ok: java-text-result-ignored
        use(text.substring(1));
        // ok: java-text-result-ignored
        text.chars();
        // ok: java-text-result-ignored
        return lower.trim();
    }
}
