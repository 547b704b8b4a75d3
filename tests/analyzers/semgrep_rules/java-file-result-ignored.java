import java.io.File;
import java.nio.file.Files;

class Folders {
    void move(File from, File to) throws Exception {
        // ruleid: java-file-result-ignored
        from.renameTo(to);
        // ruleid: java-file-result-ignored
        to.mkdirs();
        File script = new File(to, "run.sh");
        // ruleid: java-file-result-ignored
        script.setExecutable(true);
        // ok: java-file-result-ignored
        boolean made = to.mkdir();
        // ok: java-file-result-ignored
        if (!from.delete()) {
            throw new IllegalStateException("cannot delete " + from);
        }
        // ok: java-file-result-ignored
        Files.delete(to.toPath());
        try {
            use(script);
        } finally {
            // ok: java-file-result-ignored
            script.delete();
        }
    }
}
