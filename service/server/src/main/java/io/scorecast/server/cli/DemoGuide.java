package io.scorecast.server.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/** What to ask the demo: a few customers, and lines to paste, each with what it shows. */
final class DemoGuide {

    private static final String POST_JSON = "curl -s -H 'Content-Type: application/json' ";

    private final DemoData data;
    private final String url;
    private final Instant now;

    /** Event ids of their own for each run: a repeated id would be a repeated delivery, which counts once. */
    private final String run;

    DemoGuide(DemoData data, URI url, Instant now) {
        this.data = data;
        this.url = "http://localhost:" + url.getPort();
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
        this.run = Long.toString(now.getEpochSecond(), 36);
    }

    void print(PrintWriter out) {
        out.println();
        out.println("Customers worth asking about");
        data.examples().forEach(example -> out.printf("  %-8s %s%n", example.customerId(), example.why()));
        String couponer = customer(0);
        String spender = customer(1);
        String lapsed = customer(2);
        String newcomer = customer(3);
        out.println();
        out.println("Lines to paste into another terminal");
        show(
                out,
                "a score: what is likely, what it is worth, what next, and what to do about it",
                get("/v1/scores/" + couponer));
        show(
                out,
                "a journey: " + spender + " looks at something and leaves it in the cart …",
                post(
                        "/v1/events",
                        "[" + event("view", spender, "view", "\"product_id\": \"p-1\"") + ", "
                                + event("cart", spender, "add_to_cart", "\"product_id\": \"p-1\", \"value\": 4.29")
                                + "]"));
        show(
                out,
                "… and a day later, asked with at=, that is an abandoned cart: see segments and decision",
                get("/v1/scores/" + spender + "?at=" + now.plus(Duration.ofHours(25))));
        String likelihood = get("/v1/scores?customer_id=" + lapsed + "&format=text&field=p_lapse_28d");
        show(out, "an event changes a score at once: how likely " + lapsed + " is to stay away …", likelihood);
        show(
                out,
                "… " + lapsed + " comes back and buys …",
                post(
                        "/v1/events",
                        event(
                                "back",
                                lapsed,
                                "purchase",
                                "\"value\": 80, \"order_id\": \"back-" + run
                                        + "\", \"category\": \"grocery/eggs/eggs-large\"")));
        show(out, "… and the same question again", likelihood);
        show(
                out,
                "a batch: many at once, in the order asked",
                post(
                        "/v1/scores/batch",
                        "{\"customer_ids\": ["
                                + List.of(couponer, spender, lapsed, newcomer).stream()
                                        .map(id -> '"' + id + '"')
                                        .collect(Collectors.joining(", "))
                                + "]}"));
        show(
                out,
                "one bare value, for AMPscript and other templates that read no JSON",
                get("/v1/scores?customer_id=" + couponer + "&format=text&field=clv_90d"));
        show(
                out,
                "an opt-out: " + newcomer + " objects to profiling …",
                post("/v1/events", consent("out", newcomer, false)));
        show(out, "… and gets what everybody gets, from now on", get("/v1/scores/" + newcomer));
        show(out, "… until " + newcomer + " agrees again", post("/v1/events", consent("in", newcomer, true)));
        show(out, "somebody unknown: never an error, always something to send", get("/v1/scores/nobody"));
        out.println();
        out.println("More: " + url + "/openapi.yml, docs/getting-started.md. Ctrl-C stops.");
    }

    /** An example by its place in the list; the last one where there are fewer. */
    private String customer(int place) {
        return data.examples().get(Math.min(place, data.examples().size() - 1)).customerId();
    }

    private static void show(PrintWriter out, String what, String line) {
        out.println("# " + what);
        out.println(line);
    }

    private String get(String path) {
        return "curl -s '" + url + path + "'";
    }

    private String post(String path, String body) {
        return POST_JSON + "-d '" + body + "' " + url + path;
    }

    private String consent(String name, String customer, boolean agrees) {
        return event(name, customer, "consent", "\"attributes\": {\"profiling\": " + agrees + "}");
    }

    private String event(String name, String customer, String type, String fields) {
        // The second agreement must be later than the objection before it.
        Instant time = name.equals("in") ? now.plusSeconds(1) : now;
        return "{\"id\": \"demo-" + name + "-" + run + "\", \"customer_id\": \"" + customer + "\", \"type\": \"" + type
                + "\", \"time\": \"" + time + "\", " + fields + "}";
    }
}
