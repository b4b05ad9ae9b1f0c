package io.scorecast.loadtest.run;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Scores everybody into files, again and again as long as the load lasts. */
final class AudienceJobs implements Companion {

    static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern STATE = Pattern.compile("\"state\":\"([^\"]+)\"");
    private static final Pattern DONE = Pattern.compile("\"done\":(\\d+)");
    private static final long LOOK_MILLIS = 200;

    private int jobs;
    private long before;
    private long now;
    private double seconds;

    @Override
    public void run(OwnService service) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (ServiceClient client = new ServiceClient(new Target(service.url(), null))) {
            while (true) {
                String job = find(ID, client.send("POST", "/v1/audiences", "{\"customers\":{\"all\":true}}"));
                jobs++;
                do {
                    TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                    String told = client.send("GET", "/v1/audiences/" + job, "");
                    now = Long.parseLong(find(DONE, told));
                    seconds = (System.nanoTime() - start) / 1e9;
                    if (isOver(job, told)) {
                        break;
                    }
                } while (true);
                before += now;
                now = 0;
            }
        }
    }

    /**
     * Whether a job is done.
     *
     * @throws LoadTestFailure if it will never be
     */
    static boolean isOver(String job, String told) {
        String state = find(STATE, told);
        return switch (state) {
            case "queued", "running" -> false;
            case "done" -> true;
            default -> throw new LoadTestFailure("the audience job " + job + " is " + state);
        };
    }

    static String find(Pattern pattern, String body) {
        Matcher found = pattern.matcher(body);
        if (!found.find()) {
            throw new LoadTestFailure("no " + pattern + " in " + body);
        }
        return found.group(1);
    }

    @Override
    public String told() {
        long scored = before + now;
        return String.format(
                Locale.ROOT,
                "%,d customers scored into files by %d jobs, %,.0f a second",
                scored,
                jobs,
                scored / Math.max(seconds, 1e-9));
    }
}
