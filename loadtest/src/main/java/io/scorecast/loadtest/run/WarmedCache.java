package io.scorecast.loadtest.run;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * An audience job that keeps its predictions for the send that follows. Half of the customers are asked for without, the
 * other half after it.
 */
final class WarmedCache implements Companion {

    private static final long LOOK_MILLIS = 200;

    private List<String> warmed = List.of();
    private double seconds;

    @Override
    public List<String> alone(List<String> customers) {
        return customers.subList(0, customers.size() / 2);
    }

    @Override
    public List<String> together(List<String> customers) {
        warmed = customers.subList(customers.size() / 2, customers.size());
        return warmed;
    }

    @Override
    public void prepare(OwnService service) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (ServiceClient client = new ServiceClient(new Target(service.url(), null))) {
            String ids = "\"" + String.join("\",\"", warmed) + "\"";
            String body = "{\"customers\":{\"ids\":[" + ids + "]},\"warm_cache\":true}";
            String job = AudienceJobs.find(AudienceJobs.ID, client.send("POST", "/v1/audiences", body));
            while (!AudienceJobs.isOver(job, client.send("GET", "/v1/audiences/" + job, ""))) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        }
        seconds = (System.nanoTime() - start) / 1e9;
    }

    @Override
    public void run(OwnService service) {
        // Was done before.
    }

    @Override
    public String told() {
        return String.format(
                Locale.ROOT, "%,d customers scored with warm_cache in %.1f s before it", warmed.size(), seconds);
    }
}
