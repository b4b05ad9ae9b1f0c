package io.scorecast.server.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hangs up on who takes longer than {@link #PATIENCE} for the headers of a request: a byte now and then would keep a
 * connection from ever being idle. A request that comes in one piece, as nearly all do, starts no timer.
 */
@Singleton
final class SlowHeaders implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Counter slow;

    SlowHeaders(MeterRegistry registry) {
        this.slow = Counter.builder("scorecast.connections.slow")
                .description("Connections closed because headers took too long")
                .register(registry);
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry customizers = event.getBean();
        customizers.register(new Watchman(null));
        return customizers;
    }

    /** One for the server, and one for each of its connections. */
    private final class Watchman implements NettyServerCustomizer {

        private final @Nullable Channel connection;

        Watchman(@Nullable Channel connection) {
            this.connection = connection;
        }

        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return role == ChannelRole.CONNECTION ? new Watchman(channel) : this;
        }

        @Override
        public void onStreamPipelineBuilt() {
            Channel channel = connection;
            if (channel != null
                    && channel.pipeline().get(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC) != null) {
                Bytes bytes = new Bytes();
                channel.pipeline()
                        .addBefore(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC, "scorecast-bytes", bytes)
                        .addAfter(
                                ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
                                "scorecast-requests",
                                new Requests(bytes));
            }
        }
    }

    /** In front of the codec, which reads a request out of bytes, or waits for more. */
    private final class Bytes extends ChannelInboundHandlerAdapter {

        /** Counts the heads and ends of requests that the codec has found. */
        private int found;

        private boolean within;
        private @Nullable ScheduledFuture<?> end;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            int before = found;
            context.fireChannelRead(message);
            if (found == before && !within && end == null) {
                end = context.executor().schedule(() -> hangUp(context), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private void hangUp(ChannelHandlerContext context) {
            slow.increment();
            ChannelFuture unused = context.close();
        }

        void headers() {
            found++;
            within = true;
            stop();
        }

        void last() {
            found++;
            within = false;
        }

        private void stop() {
            ScheduledFuture<?> waiting = end;
            if (waiting != null) {
                waiting.cancel(false);
                end = null;
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            stop();
            context.fireChannelInactive();
        }
    }

    /** Behind the codec. */
    private static final class Requests extends ChannelInboundHandlerAdapter {

        private final Bytes bytes;

        Requests(Bytes bytes) {
            this.bytes = bytes;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest) {
                bytes.headers();
            }
            if (message instanceof LastHttpContent) {
                bytes.last();
            }
            context.fireChannelRead(message);
        }
    }
}
