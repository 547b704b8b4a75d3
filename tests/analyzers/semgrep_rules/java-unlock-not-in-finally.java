class Counters {
    void add(int amount) {
        // ruleid: java-unlock-not-in-finally
        lock.lock();
        total += amount;
        listeners.changed(total);
        lock.unlock();
    }

    int read() {
        // ruleid: java-unlock-not-in-finally
        locks.readLock().lock();
        int found = total();
        locks.readLock().unlock();
        return found;
    }

    void safe(int amount) {
        // ok: java-unlock-not-in-finally
        lock.lock();
        try {
            total += amount;
        } finally {
            lock.unlock();
        }
    }

    void other(Door door) {
        // ok: java-unlock-not-in-finally
        lock.lock();
        enter();
        door.unlock();
    }
}
