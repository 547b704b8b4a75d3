class Waits {
    void swallowed() {
        try {
            Thread.sleep(100);
        // ruleid: java-interrupt-lost
        } catch (InterruptedException e) {
        }
    }

    void logged() {
        try {
            Thread.sleep(100);
        // ruleid: java-interrupt-lost
        } catch (InterruptedException e) {
            LOGGER.log(Level.WARNING, "woken", e);
        }
    }

    void kept() {
        try {
            Thread.sleep(100);
        // ok: java-interrupt-lost
        } catch (InterruptedException e) {
            LOGGER.fine("woken");
            Thread.currentThread().interrupt();
        }
    }

    void thrown() throws IOException {
        try {
            Thread.sleep(100);
        // ok: java-interrupt-lost
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    void other() {
        try {
            read();
        // ok: java-interrupt-lost
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "unread", e);
        }
    }
}
