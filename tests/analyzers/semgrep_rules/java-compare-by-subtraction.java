class Version implements Comparable<Version> {
    int number;

    @Override
    public int compareTo(Version other) {
        // ruleid: java-compare-by-subtraction
        return number - other.number;
    }

    int distance(Version other) {
        // ok: java-compare-by-subtraction
        return number - other.number;
    }
}

class ByDepth implements Comparator<Node> {
    public int compare(Node left, Node right) {
        // ruleid: java-compare-by-subtraction
        return left.depth - right.depth;
    }
}

class ByLength implements Comparator<String> {
    public int compare(String left, String right) {
        // ok: java-compare-by-subtraction
        return left.length() - right.length();
    }
}

class Right implements Comparator<Node> {
    public int compare(Node left, Node right) {
        // ok: java-compare-by-subtraction
        return Integer.compare(left.depth, right.depth);
    }
}
