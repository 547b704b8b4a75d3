class Unzip {
    void naive(ZipFile zip, File directory) throws IOException {
        Enumeration<? extends ZipEntry> all = zip.entries();
        while (all.hasMoreElements()) {
            ZipEntry entry = all.nextElement();
            // ruleid: java-archive-entry-escapes
            File target = new File(directory, entry.getName());
            write(target);
        }
    }

    void paths(TarArchiveEntry entry, Path directory) throws IOException {
        // ruleid: java-archive-entry-escapes
        write(directory.resolve(entry.getName()));
    }

    void checked(ZipEntry entry, Path directory) throws IOException {
        // ok: java-archive-entry-escapes
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
            throw new IOException("outside: " + entry);
        }
        write(target);
    }

    void checkedInLoop(ZipInputStream in, Path directory) throws IOException {
        ZipEntry entry;
        while ((entry = in.getNextEntry()) != null) {
            // ok: java-archive-entry-escapes
            Path target = directory.resolve(entry.getName()).normalize();
            if (!target.startsWith(directory)) {
                continue;
            }
            write(target);
        }
    }

    void other(Person person, File directory) throws IOException {
        // ok: java-archive-entry-escapes
        write(new File(directory, person.getName()));
    }
}
