class Point {
    int x;

    // ruleid: java-equals-without-hash-code
    @Override public boolean equals(Object other) { return other instanceof Point && ((Point) other).x == x; }
}

class Named extends Point {
    String name;

    // ruleid: java-equals-without-hash-code
    public boolean equals(Object other) {
        return super.equals(other) && name.equals(((Named) other).name);
    }

    public String toString() { return name; }
}

class Whole {
    int x;

    // ok: java-equals-without-hash-code
    @Override public boolean equals(Object other) { return other instanceof Whole && ((Whole) other).x == x; }

    @Override public int hashCode() { return x; }
}

class Delegating extends Whole {
    // ok: java-equals-without-hash-code
    @Override public boolean equals(Object other) { return super.equals(other); }
}

class Overload {
    // ok: java-equals-without-hash-code
    public boolean equals(Overload other, int depth) { return depth == 0; }
}
