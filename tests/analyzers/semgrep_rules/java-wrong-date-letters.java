class Patterns {
    void make() {
        // ruleid: java-wrong-date-letters
        new SimpleDateFormat("YYYY-MM-dd");
        // ruleid: java-wrong-date-letters
        DateTimeFormatter.ofPattern("yyyy-mm-dd");
        // ruleid: java-wrong-date-letters
        DateTimeFormatter.ofPattern("yyyy-MM-dd hh:mm:ss");
        // ruleid: java-wrong-date-letters
        new SimpleDateFormat("yyyy-MM-DD", Locale.ROOT);
        // ruleid: java-wrong-date-letters
        DateTimeFormatter.ofPattern("HH:MM");
        // ok: java-wrong-date-letters
        new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss");
        // ok: java-wrong-date-letters
        DateTimeFormatter.ofPattern("hh:mm a");
        // ok: java-wrong-date-letters
        DateTimeFormatter.ofPattern("YYYY-'W'ww");
        // ok: java-wrong-date-letters
        new SimpleDateFormat("yyyyMMddHHmmss");
        // ok: java-wrong-date-letters
        DateTimeFormatter.ofPattern("yyyy-DDD");
    }
}
