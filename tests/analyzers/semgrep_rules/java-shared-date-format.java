import java.text.SimpleDateFormat;
import java.text.DateFormat;

class Dates {
    // ruleid: java-shared-date-format
    private static final SimpleDateFormat DAY = new SimpleDateFormat("yyyy-MM-dd");
    // ruleid: java-shared-date-format
    static DateFormat hour = new SimpleDateFormat("HH:mm");
    // ok: java-shared-date-format
    private static final DateTimeFormatter SAFE = DateTimeFormatter.ofPattern("yyyy-MM-dd");
    // ok: java-shared-date-format
    private final SimpleDateFormat own = new SimpleDateFormat("yyyy-MM-dd");

    String day(Date date) {
        // ok: java-shared-date-format
        SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd");
        return format.format(date);
    }
}
