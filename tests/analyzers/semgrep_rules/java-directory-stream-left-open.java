class Listings {
    List<Path> leak(Path root) throws IOException {
        // ruleid: java-directory-stream-left-open
        List<Path> found = Files.list(root).collect(Collectors.toList());
        // ruleid: java-directory-stream-left-open
        Files.walk(root).forEach(this::visit);
        // ruleid: java-directory-stream-left-open
        for (Path each : Files.newDirectoryStream(root)) { visit(each); }
        return found;
    }

    void closed(Path root) throws IOException {
        // ok: java-directory-stream-left-open
        try (Stream<Path> all = Files.walk(root).filter(Files::isRegularFile)) {
            all.forEach(this::visit);
        }
        // ok: java-directory-stream-left-open
        List<String> lines = Files.readAllLines(root).stream().toList();
        // ok: java-directory-stream-left-open
        try (DirectoryStream<Path> some = Files.newDirectoryStream(root)) {
            for (Path each : some) { visit(each); }
        }
    }
}
