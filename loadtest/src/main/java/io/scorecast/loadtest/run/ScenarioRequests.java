package io.scorecast.loadtest.run;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.scorecast.loadtest.run.Scenario.Part;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** A scenario's requests: kinds by their shares, customers by its order. */
final class ScenarioRequests implements Requests {

    private final Part[] parts;
    private final double[] upTo;
    private final Customers customers;
    private final CustomerChoice choice;
    private final RequestWriter writer;
    private final MadeUpEvents events;
    private final SplittableRandom random = new SplittableRandom(11);
    private final StringBuilder text = new StringBuilder();

    /** Of each part that has a path and bodies of its own. */
    private final byte[][] heads;

    private final byte[][][] bodies;
    private int nextBody;

    ScenarioRequests(Scenario scenario, Customers customers, Target target) {
        this.parts = scenario.parts().toArray(Part[]::new);
        this.upTo = new double[parts.length];
        double sum = 0;
        for (int i = 0; i < parts.length; i++) {
            sum += parts[i].share();
            upTo[i] = sum;
        }
        this.customers = customers;
        this.choice = new CustomerChoice(customers.count(), scenario.choice());
        this.writer = new RequestWriter(target);
        this.heads = new byte[parts.length][];
        this.bodies = new byte[parts.length][][];
        for (int i = 0; i < parts.length; i++) {
            heads[i] = writer.postTo(parts[i].path());
            bodies[i] = parts[i].bodies().stream()
                    .map(body -> body.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
        }
        this.events = new MadeUpEvents(System.currentTimeMillis(), scenario.eventsEach());
    }

    @Override
    public Call call(int kind) {
        return parts[kind].call();
    }

    @Override
    public int write(long due, ByteBuf out) {
        int kind = kind();
        Part part = parts[kind];
        switch (part.call()) {
            case SCORE -> writer.score(customers.path(choice.next(due)), out);
            case SCORE_NOW -> writer.scoreNow(customers.path(choice.next(due)), out);
            case BATCH -> batch(part.size(), due, out);
            case EVENTS -> events(part.size(), out);
            case POST -> {
                writer.body().writeBytes(bodies[kind][nextBody++ % bodies[kind].length]);
                writer.post(heads[kind], out);
            }
            case PAST -> throw new IllegalStateException("no scenario asks for the past");
        }
        return kind;
    }

    private int kind() {
        if (parts.length == 1) {
            return 0;
        }
        double at = random.nextDouble() * upTo[parts.length - 1];
        int kind = 0;
        while (kind < parts.length - 1 && at >= upTo[kind]) {
            kind++;
        }
        return kind;
    }

    private void batch(int size, long due, ByteBuf out) {
        ByteBuf body = writer.body();
        ByteBufUtil.writeAscii(body, "{\"customer_ids\":[");
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                body.writeByte(',');
            }
            body.writeBytes(customers.json(choice.next(due)));
        }
        ByteBufUtil.writeAscii(body, "]}");
        writer.batch(out);
    }

    private void events(int size, ByteBuf out) {
        text.setLength(0);
        text.append('[');
        for (int i = 0; i < size; i++) {
            byte[] customer = customers.json(random.nextInt(customers.count()));
            events.fresh(new String(customer, StandardCharsets.UTF_8), random, text);
            text.append(i + 1 < size ? ',' : ']');
        }
        ByteBufUtil.writeUtf8(writer.body(), text);
        writer.events(out);
    }
}
