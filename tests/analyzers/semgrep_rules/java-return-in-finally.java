class Finals {
    int first() {
        try {
            return read();
        } finally {
            // ruleid: java-return-in-finally
            return 0;
        }
    }

    void second() {
        try {
            write();
        } finally {
            if (isClosed()) {
                // ruleid: java-return-in-finally
                return;
            }
            close();
        }
    }

    int third() {
        try {
            // ok: java-return-in-finally
            return read();
        } finally {
            close();
        }
    }

    int fourth() {
        try {
            write();
        } finally {
            // ok: java-return-in-finally
            submit(() -> { return 1; });
        }
        // ok: java-return-in-finally
        return 2;
    }
}
