package io.scorecast.loadtest.run;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over connections that stay open, on one thread. Everything but the constructor, {@link #run} and {@link
 * #close} happens on that thread. Where Linux's epoll is, timers have the precision of its clock, else milliseconds; what
 * that costs shows in the report as lateness.
 *
 * <p>A request whose time has come takes a connection that is free, or waits for one; either way it counts from its time.
 */
final class Generator implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final long AGAIN_MILLIS = 100;
    private static final long LOOK_MILLIS = 50;

    /** So many at most between two looks at what was answered, when requests have fallen behind. */
    private static final int AT_ONCE = 64;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("generator", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Target target;
    private final long patience;
    private final Bootstrap bootstrap;
    private final List<Connection> connections = new ArrayList<>();
    private final ArrayDeque<Connection> free = new ArrayDeque<>();
    private final LongQueue waiting = new LongQueue();
    private @Nullable Load load;
    private boolean closed;

    /**
     * Opens the connections.
     *
     * @throws LoadTestFailure if the first of them cannot be opened
     */
    Generator(Target target, int connections, Duration patience) throws IOException, InterruptedException {
        this.target = target;
        this.patience = patience.toNanos();
        SslContext tls = target.isSecure() ? SslContextBuilder.forClient().build() : null;
        this.bootstrap = new Bootstrap()
                .group(group)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT.toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline()
                                    .addLast(tls.newHandler(
                                            channel.alloc(), target.url().getHost(), target.port()));
                        }
                        channel.pipeline().addLast(new HttpResponseDecoder());
                    }
                });
        open(connections);
        ScheduledFuture<?> unused =
                loop.scheduleAtFixedRate(this::giveUp, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void open(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Connection connection = new Connection(this);
            ChannelFuture opened = connect(connection).await();
            if (!opened.isSuccess()) {
                close();
                String why = i == 0 ? "no service answers there" : "it takes " + i + " connections, not " + count;
                throw new LoadTestFailure(target.url() + ": " + why);
            }
            loop.execute(() -> {
                connections.add(connection);
                free(connection);
            });
        }
    }

    private ChannelFuture connect(Connection connection) {
        return bootstrap.clone().remoteAddress(target.address()).connect().addListener((ChannelFuture opened) -> {
            if (opened.isSuccess()) {
                opened.channel().pipeline().addLast(connection);
                connection.opened(opened.channel());
            }
        });
    }

    /** A load that is under way. */
    private static final class Load {

        private final Requests requests;
        private final Recorder recorder;
        private final Pace pace;
        private final long start;
        private final long nanos;
        private final CompletableFuture<Recorder> done;
        private long number;
        private int underWay;
        private boolean over;

        Load(
                Requests requests,
                Recorder recorder,
                Pace pace,
                long start,
                long nanos,
                CompletableFuture<Recorder> done) {
            this.requests = requests;
            this.recorder = recorder;
            this.pace = pace;
            this.start = start;
            this.nanos = nanos;
            this.done = done;
        }
    }

    /**
     * Sends a load, and waits until each of its requests was answered or given up.
     *
     * @param kinds how many the requests are of
     */
    Recorder run(Pace pace, Duration time, Requests requests, int kinds) throws InterruptedException {
        CompletableFuture<Recorder> done = new CompletableFuture<>();
        loop.execute(() -> {
            long start = System.nanoTime();
            long nanos = time.toNanos();
            Load begun = new Load(requests, new Recorder(kinds, start, nanos), pace, start, nanos, done);
            load = begun;
            begin(begun);
        });
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private void begin(Load begun) {
        try {
            switch (begun.pace) {
                case Pace.Open open -> depart(begun, open);
                case Pace.Closed closed -> {
                    List<Connection> all = List.copyOf(free);
                    free.clear();
                    all.forEach(connection -> askAgain(begun, connection));
                    settle(begun);
                }
            }
        } catch (RuntimeException e) {
            begun.done.completeExceptionally(e);
        }
    }

    /** Takes up what is due, and sleeps until the next is. */
    private void depart(Load current, Pace.Open pace) {
        long now = System.nanoTime();
        for (int i = 0; i < AT_ONCE; i++) {
            long after = pace.due(current.number, current.nanos);
            if (after >= current.nanos) {
                current.over = true;
                settle(current);
                return;
            }
            long due = current.start + after;
            if (due - now > 0) {
                wake(current, pace, due - now);
                return;
            }
            current.number++;
            current.recorder.intended(due, now);
            Connection connection = free.poll();
            if (connection == null) {
                waiting.add(due);
                current.recorder.waiting(waiting.size());
            } else {
                send(current, connection, due, now);
            }
            now = System.nanoTime();
        }
        wake(current, pace, 0);
    }

    private void wake(Load current, Pace.Open pace, long nanos) {
        ScheduledFuture<?> unused = loop.schedule(
                () -> {
                    try {
                        depart(current, pace);
                    } catch (RuntimeException e) {
                        current.done.completeExceptionally(e);
                    }
                },
                nanos,
                TimeUnit.NANOSECONDS);
    }

    private void send(Load current, Connection connection, long due, long now) {
        Channel channel = connection.channel();
        if (channel == null) {
            throw new IllegalStateException("a connection that is not open is not free");
        }
        ByteBuf request = channel.alloc().directBuffer(512);
        int kind = current.requests.write(due, request);
        if (kind < 0) {
            request.release();
            free.add(connection);
            current.over = true;
            return;
        }
        current.underWay++;
        connection.send(channel, request, kind, due, now);
    }

    /** Of a closed loop. */
    private void askAgain(Load current, Connection connection) {
        long now = System.nanoTime();
        if (current.over || now - current.start >= current.nanos) {
            current.over = true;
            free.add(connection);
            return;
        }
        int before = current.underWay;
        send(current, connection, now, now);
        if (current.underWay > before) {
            current.recorder.intended(now, now);
        }
    }

    /** A connection's request was answered. */
    void answered(Connection connection, int status, @Nullable String cache, AnswerReader answer) {
        Load current = load;
        if (current == null) {
            return;
        }
        long now = System.nanoTime();
        current.underWay--;
        Recorder recorder = current.recorder;
        Call call = current.requests.call(connection.kind());
        if (status < 200 || status >= 300) {
            recorder.failed(connection.kind(), connection.due(), now, "status " + status);
        } else if (call.writes() && !answer.acceptsAll()) {
            recorder.failed(connection.kind(), connection.due(), now, "events rejected");
        } else {
            recorder.answered(connection.kind(), connection.due(), now, cache);
            if (!call.writes()) {
                answer.count(call, recorder);
            }
        }
        settle(current);
    }

    /** A connection's request was not answered. */
    void failed(Connection connection, String why) {
        Load current = load;
        if (current != null) {
            current.underWay--;
            current.recorder.failed(connection.kind(), connection.due(), System.nanoTime(), why);
            settle(current);
        }
    }

    /** A connection can take a request. */
    void free(Connection connection) {
        Load current = load;
        if (current != null && !waiting.isEmpty()) {
            send(current, connection, waiting.poll(), System.nanoTime());
        } else if (current != null && current.pace instanceof Pace.Closed) {
            askAgain(current, connection);
            settle(current);
        } else {
            free.add(connection);
        }
    }

    /** A connection is gone: another one takes its place. */
    void lost(Connection connection) {
        free.remove(connection);
        if (!closed) {
            ScheduledFuture<?> unused = loop.schedule(() -> reconnect(connection), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void reconnect(Connection connection) {
        if (closed) {
            return;
        }
        ChannelFuture unused = connect(connection).addListener(opened -> {
            if (opened.isSuccess()) {
                free(connection);
            } else {
                lost(connection);
            }
        });
    }

    /** Requests that were waited for long enough are given up, with their connections; so are those that never left. */
    private void giveUp() {
        Load current = load;
        if (current == null) {
            return;
        }
        long now = System.nanoTime();
        for (int i = 0; i < connections.size(); i++) {
            Connection connection = connections.get(i);
            Channel channel = connection.channel();
            if (connection.isBusy() && now - connection.sent() > patience) {
                connection.forget();
                failed(connection, "no answer in time");
                if (channel != null) {
                    ChannelFuture unused = channel.close();
                }
            }
        }
        while (!waiting.isEmpty() && now - waiting.first() > patience) {
            current.recorder.failed(0, waiting.poll(), now, "no connection free in time");
        }
        if (current.pace instanceof Pace.Closed && now - current.start >= current.nanos) {
            current.over = true; // Also where no connection is left that would notice.
        }
        settle(current);
    }

    private void settle(Load current) {
        if (current.over && current.underWay == 0 && waiting.isEmpty() && load == current) {
            load = null;
            current.done.complete(current.recorder);
        }
    }

    @Override
    public void close() {
        loop.execute(() -> closed = true);
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
