package io.scorecast.loadtest.run;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Writes requests by hand, byte by byte: encoding them is most of what a generator would else be busy with. */
final class RequestWriter {

    private static final byte[] END = ascii("\r\n");

    private final byte[] get;
    private final byte[] getEnd;
    private final byte[] postBatch;
    private final byte[] postEvents;
    private final String prefix;
    private final String json;
    private final ByteBuf body = Unpooled.buffer(64 * 1024);

    RequestWriter(Target target) {
        String head = new String(target.head(), StandardCharsets.UTF_8);
        get = ascii("GET " + target.prefix() + "/v1/scores/");
        getEnd = target.head();
        prefix = target.prefix();
        json = head + "Content-Type: application/json\r\nContent-Length: ";
        postBatch = ascii("POST " + target.prefix() + "/v1/scores/batch" + json);
        postEvents = ascii("POST " + target.prefix() + "/v1/events" + json);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void score(byte[] path, ByteBuf out) {
        out.writeBytes(get).writeBytes(path).writeBytes(getEnd).writeBytes(END);
    }

    void scoreNow(byte[] path, ByteBuf out) {
        out.writeBytes(get).writeBytes(path);
        ByteBufUtil.writeAscii(out, "?at=" + Instant.ofEpochMilli(System.currentTimeMillis()));
        out.writeBytes(getEnd).writeBytes(END);
    }

    /** Where the body of the next {@code POST} is put together; empty. */
    ByteBuf body() {
        return body.clear();
    }

    void batch(ByteBuf out) {
        post(postBatch, out);
    }

    void events(ByteBuf out) {
        post(postEvents, out);
    }

    /** What a {@code POST} to a path begins with. */
    byte[] postTo(String path) {
        return ascii("POST " + prefix + path + json);
    }

    void post(byte[] head, ByteBuf out) {
        out.writeBytes(head);
        ByteBufUtil.writeAscii(out, Integer.toString(body.readableBytes()));
        out.writeBytes(END).writeBytes(END).writeBytes(body);
    }
}
