class Digests {
    boolean same(byte[] left, byte[] right, String[] names, String name) {
        // ruleid: java-array-compared-by-identity
        boolean a = left.equals(right);
        // ruleid: java-array-compared-by-identity
        int b = names.hashCode();
        // ok: java-array-compared-by-identity
        boolean c = Arrays.equals(left, right);
        // ok: java-array-compared-by-identity
        boolean d = name.equals("x");
        // ok: java-array-compared-by-identity
        boolean e = names[0].equals(name);
        return a && c && d && e && b == 0;
    }
}
