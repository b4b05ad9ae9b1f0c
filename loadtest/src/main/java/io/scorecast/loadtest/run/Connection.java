package io.scorecast.loadtest.run;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One connection, which has one request under way at most. Shared, as it lives on in a new channel when one is lost. */
@ChannelHandler.Sharable
final class Connection extends ChannelInboundHandlerAdapter {

    private static final String CACHE_HEADER = "Scorecast-Cache";

    private final Generator generator;
    private final AnswerReader answer = new AnswerReader();
    private @Nullable Channel channel;
    private @Nullable String cache;
    private int status;
    private boolean stays;
    private boolean busy;
    private int kind;
    private long due;
    private long sent;

    Connection(Generator generator) {
        this.generator = generator;
    }

    void send(Channel over, ByteBuf request, int kindOfRequest, long intended, long now) {
        busy = true;
        kind = kindOfRequest;
        due = intended;
        sent = now;
        ChannelFuture unused = over.writeAndFlush(request, over.voidPromise());
    }

    boolean isBusy() {
        return busy;
    }

    int kind() {
        return kind;
    }

    long due() {
        return due;
    }

    long sent() {
        return sent;
    }

    @Nullable
    Channel channel() {
        return channel;
    }

    /** Gives its request up: no answer to it counts any more. */
    void forget() {
        busy = false;
    }

    void opened(Channel over) {
        channel = over;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpResponse response) {
                status = response.status().code();
                cache = response.headers().get(CACHE_HEADER);
                stays = HttpUtil.isKeepAlive(response);
                answer.begin("no-store".equals(response.headers().get(HttpHeaderNames.CACHE_CONTROL)));
                if (response.decoderResult().isFailure()) {
                    lose(context, "no HTTP");
                    return;
                }
            }
            if (message instanceof HttpContent content) {
                answer.add(content.content());
                if (message instanceof LastHttpContent && status >= 200) {
                    end(context);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void end(ChannelHandlerContext context) {
        if (!busy) {
            lose(context, "an answer that nobody asked for");
            return;
        }
        busy = false;
        generator.answered(this, status, cache, answer);
        if (stays) {
            generator.free(this);
        } else {
            ChannelFuture unused = context.close();
        }
    }

    private void lose(ChannelHandlerContext context, String why) {
        if (busy) {
            busy = false;
            generator.failed(this, why);
        }
        ChannelFuture unused = context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lose(context, "connection closed");
        channel = null;
        generator.lost(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lose(context, "connection broken");
    }
}
