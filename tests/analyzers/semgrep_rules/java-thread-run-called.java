class Starts {
    void start(Thread worker, Runnable job) {
        // ruleid: java-thread-run-called
        worker.run();
        // ruleid: java-thread-run-called
        new Thread(job).run();
        // ok: java-thread-run-called
        worker.start();
        // ok: java-thread-run-called
        job.run();
        // ok: java-thread-run-called
        new Thread(job).start();
    }
}
