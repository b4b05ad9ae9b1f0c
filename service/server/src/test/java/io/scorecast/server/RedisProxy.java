package io.scorecast.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between a service and its Redis and makes the way bad: slow, with connections that break, or as Redis is while it
 * loads its files.
 */
final class RedisProxy implements AutoCloseable {

    /** What a Redis that loads does answer. */
    private static final Set<String> ANSWERED_WHILE_LOADING = Set.of("HELLO", "AUTH", "CLIENT", "SELECT", "INFO");

    private static final byte[] LOADING =
            "-LOADING Redis is loading the dataset in memory\r\n".getBytes(StandardCharsets.UTF_8);

    private final URI redis;
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Random random = new Random(7);
    private volatile long delayMillis;
    private volatile double broken;
    private volatile boolean loading;

    RedisProxy(URI redis) throws IOException {
        this.redis = redis;
        this.door = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("proxy").start(this::listen);
    }

    URI url() {
        return URI.create("redis://127.0.0.1:" + door.getLocalPort());
    }

    /** A good way from now on. */
    void heal() {
        delayMillis = 0;
        broken = 0;
        loading = false;
    }

    /** Every command takes so long more. */
    void delay(Duration time) {
        delayMillis = time.toMillis();
    }

    /** Every so many commands a connection breaks, before Redis has the command or after it. */
    void breakConnections(double share) {
        broken = share;
    }

    /** As after a restart: connections are lost, and new ones are told to wait. */
    void load() {
        loading = true;
        sockets.forEach(RedisProxy::close);
    }

    private void listen() {
        while (!door.isClosed()) {
            try {
                Socket caller = door.accept();
                Socket server = new Socket(redis.getHost(), redis.getPort());
                caller.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                sockets.add(caller);
                sockets.add(server);
                Thread.ofVirtual().start(() -> run(caller, server, () -> commands(caller, server)));
                Thread.ofVirtual()
                        .start(() -> run(caller, server, () -> {
                            server.getInputStream().transferTo(caller.getOutputStream());
                        }));
            } catch (IOException e) {
                // Redis is not there, or the test is over.
            }
        }
    }

    private interface Work {
        void go() throws IOException, InterruptedException;
    }

    private void run(Socket caller, Socket server, Work work) {
        try {
            work.go();
        } catch (IOException e) {
            // One of the two has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(caller);
            close(server);
            sockets.remove(caller);
            sockets.remove(server);
        }
    }

    private void commands(Socket caller, Socket server) throws IOException, InterruptedException {
        InputStream in = new BufferedInputStream(caller.getInputStream(), 1 << 16);
        OutputStream out = server.getOutputStream();
        while (true) {
            Command command = Command.read(in);
            if (command == null) {
                return;
            }
            long wait = in.available() == 0 ? delayMillis : 0;
            if (wait > 0) {
                Thread.sleep(wait);
            }
            double fate = broken == 0 ? 1 : draw();
            if (fate < broken / 2) {
                return;
            }
            if (loading && !ANSWERED_WHILE_LOADING.contains(command.name())) {
                caller.getOutputStream().write(LOADING);
            } else {
                out.write(command.bytes());
            }
            if (fate < broken) {
                return;
            }
        }
    }

    private synchronized double draw() {
        return random.nextDouble();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    /** As clients send it: an array of texts. */
    private record Command(String name, byte[] bytes) {

        static Command read(InputStream in) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            String head = line(in, all);
            if (head == null) {
                return null;
            }
            String name = "";
            int words = Integer.parseInt(head.substring(1));
            for (int i = 0; i < words; i++) {
                String length = line(in, all);
                if (length == null) {
                    return null;
                }
                byte[] word = in.readNBytes(Integer.parseInt(length.substring(1)) + 2);
                all.writeBytes(word);
                if (i == 0) {
                    name = new String(word, 0, word.length - 2, StandardCharsets.UTF_8).toUpperCase(Locale.ROOT);
                }
            }
            return new Command(name, all.toByteArray());
        }

        private static String line(InputStream in, ByteArrayOutputStream all) throws IOException {
            StringBuilder text = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                all.write(b);
                if (b == '\n') {
                    return text.substring(0, text.length() - 1);
                }
                text.append((char) b);
            }
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        sockets.forEach(RedisProxy::close);
    }
}
