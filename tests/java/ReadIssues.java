import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import org.json.JSONArray;
import org.json.JSONObject;

import edu.hm.hafner.analysis.FileReaderFactory;
import edu.hm.hafner.analysis.Issue;
import edu.hm.hafner.analysis.IssueParser;
import edu.hm.hafner.analysis.Report;
import edu.hm.hafner.analysis.parser.JsonParser;
import edu.hm.hafner.analysis.parser.CheckStyleParser;
import edu.hm.hafner.analysis.parser.violations.CodeClimateAdapter;
import edu.hm.hafner.analysis.parser.violations.SarifAdapter;

/** Reads each FORMAT FILE pair as Jenkins would and prints the issues as JSON. */
public class ReadIssues {
    private static final Map<String, IssueParser> PARSERS = Map.of(
            "warnings-ng", new JsonParser(),
            "checkstyle", new CheckStyleParser(),
            "gitlab", new CodeClimateAdapter(),
            "sarif", new SarifAdapter());

    public static void main(final String[] arguments) {
        JSONObject all = new JSONObject();
        for (int at = 0; at < arguments.length; at += 2) {
            Path file = Path.of(arguments[at + 1]);
            Report report = PARSERS.get(arguments[at]).parse(new FileReaderFactory(file, StandardCharsets.UTF_8));
            JSONArray issues = new JSONArray();
            for (Issue issue : report) {
                issues.put(new JSONObject()
                        .put("file", issue.getFileName())
                        .put("start", issue.getLineStart())
                        .put("end", issue.getLineEnd())
                        .put("severity", issue.getSeverity().getName())
                        .put("type", issue.getType())
                        .put("message", issue.getMessage()));
            }
            all.put(file.getFileName().toString(),
                    new JSONObject().put("issues", issues).put("errors", new JSONArray(report.getErrorMessages())));
        }
        System.out.println(all);
    }
}
