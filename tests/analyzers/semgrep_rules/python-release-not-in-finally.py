def save(lock, path, text):
    # ruleid: python-release-not-in-finally
    lock.acquire()
    path.write_text(text)
    lock.release()


class Store:
    def add(self, item):
        # ruleid: python-release-not-in-finally
        self._lock.acquire()
        self.items.append(item)
        self.count += 1
        self._lock.release()

    def safe(self, item):
        # ok: python-release-not-in-finally
        self._lock.acquire()
        try:
            self.items.append(item)
        finally:
            self._lock.release()

    def best(self, item):
        # ok: python-release-not-in-finally
        with self._lock:
            self.items.append(item)

    def touch(self):
        # ok: python-release-not-in-finally
        self._lock.acquire()
        self._lock.release()
