package io.scorecast.server.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Closes connections beyond so many at once as soon as they come: what a flood of them costs is bounded. */
@Singleton
final class ConnectionLimit implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

    static final String SETTING = "scorecast.max-connections";

    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final Counter refused;

    ConnectionLimit(@Value("${" + SETTING + "}") int most, MeterRegistry registry) {
        this.most = most;
        this.refused = Counter.builder("scorecast.connections.refused")
                .description("Connections closed for being too many")
                .register(registry);
        Gauge.builder("scorecast.connections", open, AtomicInteger::get)
                .description("Open connections")
                .register(registry);
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry customizers = event.getBean();
        customizers.register(new Doorkeeper(null));
        return customizers;
    }

    /** One for the server, and one for each of its connections. */
    private final class Doorkeeper implements NettyServerCustomizer {

        private final @Nullable Channel connection;

        Doorkeeper(@Nullable Channel connection) {
            this.connection = connection;
        }

        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return role == ChannelRole.CONNECTION ? new Doorkeeper(channel) : this;
        }

        @Override
        public void onInitialPipelineBuilt() {
            Channel channel = connection;
            if (channel == null) {
                return;
            }
            boolean tooMany = open.incrementAndGet() > most;
            ChannelFuture unusedClosed = channel.closeFuture().addListener(closed -> open.decrementAndGet());
            if (tooMany) {
                refused.increment();
                ChannelFuture unusedClosing = channel.close();
            }
        }
    }
}
