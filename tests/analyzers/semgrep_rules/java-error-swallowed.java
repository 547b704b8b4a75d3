class Swallows {
    void everything() {
        try {
            work();
        // ruleid: java-error-swallowed
        } catch (Throwable t) {
        }
    }

    void most() {
        try {
            work();
        // ruleid: java-error-swallowed
        } catch (Exception e) {
            // nothing to do
        }
    }

    void deliberate() {
        try {
            work();
        // ok: java-error-swallowed
        } catch (Exception ignored) {
        }
    }

    void logged() {
        try {
            work();
        // ok: java-error-swallowed
        } catch (Exception e) {
            LOGGER.log(Level.WARNING, "failed", e);
        }
    }

    void narrow() {
        try {
            work();
        // ok: java-error-swallowed
        } catch (NumberFormatException e) {
        }
    }
}
