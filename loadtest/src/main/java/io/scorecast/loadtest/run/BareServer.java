package io.scorecast.loadtest.run;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Netty and nothing else: answers whatever it is asked with the same bytes. No service on Netty answers more than it does, so
 * it is the ceiling, and what the generator can send is measured against it.
 */
public final class BareServer implements AutoCloseable {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    private final Channel channel;

    /**
     * Listens on the loopback interface.
     *
     * @param port 0 for any that is free
     */
    BareServer(int port, int bodyBytes) throws InterruptedException {
        byte[] body = "x".repeat(bodyBytes).getBytes(StandardCharsets.US_ASCII);
        channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new HttpServerCodec(), new FixedAnswer(body));
                    }
                })
                .bind("127.0.0.1", port)
                .sync()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private static final class FixedAnswer extends SimpleChannelInboundHandler<HttpObject> {

        private final ByteBuf body;

        FixedAnswer(byte[] body) {
            this.body = Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer(body.length).writeBytes(body));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof LastHttpContent) {
                DefaultFullHttpResponse response =
                        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body.duplicate());
                response.headers().set("content-type", "application/json").set("content-length", body.readableBytes());
                ChannelFuture unused = context.writeAndFlush(response, context.voidPromise());
            }
        }
    }

    /** Serves until the process is told to stop. Its arguments: port, bytes of the body. */
    public static void main(String[] args) throws InterruptedException {
        try (BareServer server = new BareServer(Integer.parseInt(args[0]), Integer.parseInt(args[1]))) {
            server.channel.closeFuture().sync();
        }
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
