class Queue {
    void take() throws InterruptedException {
        synchronized (lock) {
            // ruleid: java-wait-without-loop
            if (items.isEmpty()) {
                lock.wait();
            }
        }
    }

    void pause(Object gate, boolean isOpen) throws InterruptedException {
        synchronized (gate) {
            // ruleid: java-wait-without-loop
            if (!isOpen) {
                LOGGER.fine("waiting");
                gate.wait(100);
            }
        }
    }

    void right() throws InterruptedException {
        synchronized (lock) {
            // ok: java-wait-without-loop
            while (items.isEmpty()) {
                if (isClosed()) {
                    return;
                }
                lock.wait();
            }
        }
    }

    void process(Process child) throws InterruptedException {
        // ok: java-wait-without-loop
        if (child.isAlive()) {
            child.waitFor();
        }
    }
}
