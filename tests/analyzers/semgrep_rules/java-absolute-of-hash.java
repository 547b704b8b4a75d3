class Buckets {
    int bucket(Object key, Random random) {
        // ruleid: java-absolute-of-hash
        int a = Math.abs(key.hashCode()) % 16;
        // ruleid: java-absolute-of-hash
        int b = Math.abs(random.nextInt()) % 16;
        // ok: java-absolute-of-hash
        int c = Math.floorMod(key.hashCode(), 16);
        // ok: java-absolute-of-hash
        int d = Math.abs(random.nextInt(16));
        // ok: java-absolute-of-hash
        int e = Math.abs(key.hashCode() % 16);
        return a + b + c + d + e;
    }
}
