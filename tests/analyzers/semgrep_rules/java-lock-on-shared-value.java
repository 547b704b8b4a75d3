class Locks {
    private final String name = "x";
    private Integer count = 0;
    private final Object lock = new Object();

    void locks() {
        // ruleid: java-lock-on-shared-value
        synchronized ("lock") { work(); }
        // ruleid: java-lock-on-shared-value
        synchronized (name) { work(); }
        // ruleid: java-lock-on-shared-value
        synchronized (count) { work(); }
        // ruleid: java-lock-on-shared-value
        synchronized (new Object()) { work(); }
        // ok: java-lock-on-shared-value
        synchronized (lock) { work(); }
        // ok: java-lock-on-shared-value
        synchronized (this) { work(); }
    }
}
