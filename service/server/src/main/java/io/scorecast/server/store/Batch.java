package io.scorecast.server.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Commands that are sent together. A pipeline does not follow a slot that has moved (MOVED) or is moving (ASK), does not
 * load a script, and loses its answers with the connection to one node of a cluster: what came back so is sent once more,
 * alone. So every command must be one that may be done twice. Owned by one thread.
 */
final class Batch {

    /** Builds commands; what it builds does not depend on the server. */
    static final CommandObjects COMMANDS = new CommandObjects(RedisProtocol.RESP2);

    private static final int MORE_ATTEMPTS = 200;
    private static final int PAUSE_MILLIS = 10;

    private final List<Reply<?>> replies;

    Batch(int size) {
        replies = new ArrayList<>(size);
    }

    /** What a command will have answered once the batch has run. */
    static final class Reply<T> {

        private final CommandObject<T> command;
        private final CommandObject<T> alone;
        private final boolean dispensable;
        private @Nullable Response<T> response;
        private @Nullable T value;

        private Reply(CommandObject<T> command, CommandObject<T> alone, boolean dispensable) {
            this.command = command;
            this.alone = alone;
            this.dispensable = dispensable;
        }

        /** The answer; null where Redis has none, or refused what is dispensable. */
        @Nullable
        T value() {
            return value;
        }

        private void send(AbstractPipeline pipeline) {
            response = pipeline.executeCommand(command);
        }

        private void receive(UnifiedJedis redis) {
            try {
                receiveOrThrow(redis);
            } catch (JedisDataException e) {
                if (!dispensable) {
                    throw e;
                }
                if (isOnTheMove(e)) {
                    tryAgain(redis);
                }
            }
        }

        private static boolean isOnTheMove(JedisDataException e) {
            return String.valueOf(e.getMessage()).startsWith("TRYAGAIN");
        }

        /** Two keys of a slot that is moving may be at two places for a moment. */
        private void tryAgain(UnifiedJedis redis) {
            for (int attempt = 0; attempt < MORE_ATTEMPTS; attempt++) {
                if (!pause()) {
                    return;
                }
                try {
                    value = redis.executeCommand(alone);
                    return;
                } catch (JedisDataException e) {
                    if (!isOnTheMove(e)) {
                        return;
                    }
                }
            }
        }

        private void receiveOrThrow(UnifiedJedis redis) {
            try {
                value = Objects.requireNonNull(response).get();
            } catch (JedisRedirectionException | JedisNoScriptException e) {
                value = sendAlone(redis);
            } catch (IllegalStateException lost) {
                // The connection to this node broke before the answer came.
                value = sendAlone(redis);
            }
        }

        /** While a slot changes hands, two nodes may each name the other until they have gossiped, a second or so. */
        private T sendAlone(UnifiedJedis redis) {
            for (int attempt = 1; ; attempt++) {
                try {
                    return redis.executeCommand(alone);
                } catch (JedisClusterOperationException e) {
                    boolean redirected = e.getCause() instanceof JedisRedirectionException
                            || Arrays.stream(e.getSuppressed()).anyMatch(JedisRedirectionException.class::isInstance);
                    if (!redirected || attempt == MORE_ATTEMPTS || !pause()) {
                        throw e;
                    }
                }
            }
        }

        private static boolean pause() {
            try {
                Thread.sleep(PAUSE_MILLIS);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    <T> Reply<T> add(CommandObject<T> command) {
        Reply<T> reply = new Reply<>(command, command, false);
        replies.add(reply);
        return reply;
    }

    Reply<Object> add(Script script, List<byte[]> keys, List<byte[]> arguments) {
        return add(script, keys, arguments, false);
    }

    /** Adds a script whose refusal is no failure of the batch: two keys of a slot that is moving may be at two places. */
    Reply<Object> addDispensable(Script script, List<byte[]> keys, List<byte[]> arguments) {
        return add(script, keys, arguments, true);
    }

    private Reply<Object> add(Script script, List<byte[]> keys, List<byte[]> arguments, boolean dispensable) {
        Reply<Object> reply = new Reply<>(
                COMMANDS.evalsha(script.digest(), keys, arguments),
                COMMANDS.eval(script.text(), keys, arguments),
                dispensable);
        replies.add(reply);
        return reply;
    }

    /**
     * Sends all, and waits for the answers.
     *
     * @throws redis.clients.jedis.exceptions.JedisException the first failure
     */
    void run(UnifiedJedis redis) {
        if (replies.isEmpty()) {
            return;
        }
        try (AbstractPipeline pipeline = redis.pipelined()) {
            for (Reply<?> reply : replies) {
                reply.send(pipeline);
            }
            pipeline.sync();
        } catch (IllegalStateException e) {
            throw new JedisConnectionException("the pipeline broke", e);
        }
        for (Reply<?> reply : replies) {
            reply.receive(redis);
        }
    }
}
