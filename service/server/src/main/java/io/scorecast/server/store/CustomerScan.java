package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.store.ProfileStore.Page;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Lists customers with SCAN, over one master after the other. A customer whose slot moves from a master that comes later to
 * one that was listed already would be missed, and the cursor of a server that was restarted leads nowhere: where slots
 * have moved or servers started meanwhile, all masters are listed once more.
 */
final class CustomerScan {

    /** SCAN looks at so many keys at a time, at least. */
    private static final int LEAST_COUNT = 64;

    /** After that a page ends, however short: most keys may be those of others. */
    private static final long PAGE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A slot may be left on the move for ever. */
    private static final int MOST_PASSES = 3;

    /** Behind every id of a master. */
    private static final String LAST = "f".repeat(64);

    private static final CommandObjects SERVER_COMMANDS = new CommandObjects(RedisProtocol.RESP2);

    private final Redis redis;
    private final Keys keys;

    CustomerScan(Redis redis, Keys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /**
     * Where a listing is.
     *
     * @param pass from 1
     * @param slots what the masters said about their slots, and which they were, when the pass began, as a hash
     * @param master its id; the next one if it is gone
     * @param scan Redis's own cursor there
     * @param waiting found already, for the next page
     */
    private record Position(int pass, int slots, String master, String scan, List<String> waiting) {

        static final String BEGIN = "0";

        String encode() {
            String head = pass + " " + slots + " " + master + " " + scan;
            String text = waiting.isEmpty() ? head : head + "\n" + String.join("\n", waiting);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        static Position decode(String cursor) {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            List<String> lines = List.of(text.split("\n", -1));
            String[] head = lines.getFirst().split(" ", -1);
            if (head.length != 4 || !head[3].matches("\\d{1,20}") || !head[2].matches("[0-9a-f]{0,64}")) {
                throw new IllegalArgumentException("no cursor");
            }
            return new Position(
                    Integer.parseInt(head[0]),
                    Integer.parseInt(head[1]),
                    head[2],
                    head[3],
                    lines.subList(1, lines.size()));
        }
    }

    /**
     * A page.
     *
     * @throws IllegalArgumentException if the cursor is none
     */
    Page page(@Nullable String cursor, int limit) {
        Position start = cursor == null ? null : Position.decode(cursor);
        return redis.call(client -> page(client, start, limit));
    }

    private Page page(UnifiedJedis client, @Nullable Position start, int limit) {
        long end = System.nanoTime() + PAGE_NANOS;
        Position at = start == null ? pass(client, 1) : start;
        Set<CustomerId> found = new LinkedHashSet<>();
        at.waiting().forEach(id -> found.add(CustomerId.of(id)));
        Position next = new Position(at.pass(), at.slots(), at.master(), at.scan(), List.of());
        while (next != null && found.size() < limit && System.nanoTime() < end) {
            next = step(client, next, found, Math.max(LEAST_COUNT, limit - found.size()));
        }
        List<CustomerId> listed = new ArrayList<>(found);
        if (listed.size() <= limit) {
            return new Page(listed, next == null ? null : next.encode());
        }
        List<String> waiting = listed.subList(limit, listed.size()).stream()
                .map(CustomerId::value)
                .toList();
        Position later = next == null
                // All is found; what waits is all that is left.
                ? new Position(MOST_PASSES, 0, LAST, Position.BEGIN, waiting)
                : new Position(next.pass(), next.slots(), next.master(), next.scan(), waiting);
        return new Page(listed.subList(0, limit), later.encode());
    }

    private static Position pass(UnifiedJedis client, int number) {
        return new Position(number, state(Masters.slots(client), client), "", Position.BEGIN, List.of());
    }

    private static int state(String slots, UnifiedJedis client) {
        return (slots + Masters.runs(client)).hashCode();
    }

    /** One SCAN; null at the end of all masters. */
    private @Nullable Position step(UnifiedJedis client, Position at, Set<CustomerId> found, int count) {
        for (Masters.Master master : Masters.of(client)) {
            int order = master.id().compareTo(at.master());
            if (order < 0) {
                continue;
            }
            String scan = order == 0 ? at.scan() : Position.BEGIN;
            ScanParams params = new ScanParams().match(keys.allProfiles()).count(count);
            ScanResult<byte[]> result = Masters.ask(
                    client,
                    master,
                    connection -> connection.executeCommand(
                            SERVER_COMMANDS.scan(scan.getBytes(StandardCharsets.UTF_8), params)));
            addThoseWithEvents(client, result.getResult(), found);
            return result.isCompleteIteration()
                    ? after(client, at, master.id())
                    : new Position(at.pass(), at.slots(), master.id(), result.getCursor(), List.of());
        }
        return end(client, at);
    }

    /** The beginning of the master behind this one. */
    private static @Nullable Position after(UnifiedJedis client, Position at, String master) {
        for (Masters.Master other : Masters.of(client)) {
            if (other.id().compareTo(master) > 0) {
                return new Position(at.pass(), at.slots(), other.id(), Position.BEGIN, List.of());
            }
        }
        return end(client, at);
    }

    private static @Nullable Position end(UnifiedJedis client, Position at) {
        if (at.pass() >= MOST_PASSES) {
            return null;
        }
        String slots = Masters.slots(client);
        boolean quiet = state(slots, client) == at.slots() && slots.indexOf('[') < 0;
        return quiet ? null : pass(client, at.pass() + 1);
    }

    /** Leaves out those who were erased: a bare header is all that is left of them. */
    private void addThoseWithEvents(UnifiedJedis client, List<byte[]> found, Set<CustomerId> customers) {
        Batch batch = new Batch(found.size());
        List<Batch.Reply<Long>> lengths = new ArrayList<>(found.size());
        for (byte[] key : found) {
            lengths.add(batch.add(Batch.COMMANDS.strlen(key)));
        }
        batch.run(client);
        for (int i = 0; i < found.size(); i++) {
            CustomerId customer = keys.customerOf(found.get(i));
            Long length = lengths.get(i).value();
            if (customer != null && length != null && length > ProfileLog.HEADER_BYTES) {
                customers.add(customer);
            }
        }
    }
}
