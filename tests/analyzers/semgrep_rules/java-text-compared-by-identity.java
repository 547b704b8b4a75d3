class Text {
    private String name;

    boolean tests(String mode, String other, Object owner) {
        // ruleid: java-text-compared-by-identity
        if (mode == "fast") {
            return true;
        }
        // ruleid: java-text-compared-by-identity
        boolean changed = mode != other;
        // ruleid: java-text-compared-by-identity
        changed |= name == mode;
        // ok: java-text-compared-by-identity
        changed |= mode == null;
        // ok: java-text-compared-by-identity
        changed |= "fast".equals(mode);
        // ok: java-text-compared-by-identity
        changed |= owner == this;
        // ok: java-text-compared-by-identity
        changed |= mode == other || mode.equals(other);
        // ok: java-text-compared-by-identity
        changed |= mode.length() == other.length();
        return changed;
    }
}
