package io.scorecast.loadtest.run;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** The past of made-up customers, for a service of its own: once through all of them. */
final class PastRequests implements Requests {

    private static final int EVENTS_IN_A_REQUEST = 1_000;

    private final int customers;
    private final int inRequest;
    private final MadeUpEvents events;
    private final RequestWriter writer;
    private final StringBuilder text = new StringBuilder();
    private int next;

    PastRequests(int customers, int eventsEach, Target target) {
        this.customers = customers;
        this.inRequest = Math.max(1, EVENTS_IN_A_REQUEST / eventsEach);
        this.events = new MadeUpEvents(System.currentTimeMillis(), eventsEach);
        this.writer = new RequestWriter(target);
    }

    @Override
    public Call call(int kind) {
        return Call.PAST;
    }

    @Override
    public int write(long due, ByteBuf out) {
        if (next == customers) {
            return -1;
        }
        text.setLength(0);
        text.append('[');
        for (int i = 0; i < inRequest && next < customers; i++) {
            events.past(next++, text);
        }
        text.setCharAt(text.length() - 1, ']');
        ByteBufUtil.writeUtf8(writer.body(), text);
        writer.events(out);
        return 0;
    }
}
