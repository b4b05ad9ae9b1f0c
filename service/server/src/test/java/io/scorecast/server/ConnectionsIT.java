package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.RedisProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that are many, slow, half open, or in a hurry: each costs little, and others are served. */
class ConnectionsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_IDLE = 10_000;

    /** For everything else that this process and the service in it have open. */
    private static final int OTHER_FILES = 1_500;

    @TempDir
    static Path folder;

    private static TestService service;
    private static Caller caller;

    @BeforeAll
    static void start() throws IOException {
        service = Setup.in(folder).deadline(PATIENCE).start();
        caller = new Caller(service.url());
        caller.store(new MadeUpCustomers().events("c", 0, 10));
    }

    @AfterAll
    static void stop() {
        caller.close();
        service.close();
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", service.url().getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static void assertServed() {
        Reply reply = caller.score("c-1");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("personalized").asBoolean()).isTrue();
    }

    private static void awaitConnections(String what, int most) {
        RedisProcess.await(what, () -> caller.metric("scorecast_connections") <= most);
    }

    @Test
    void thousandsThatIdle_costLittleAndOthersAreServed() throws IOException {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        // Both ends of each are in this process.
        long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - OTHER_FILES;
        int many = (int) Math.min(MOST_IDLE, free / 2);
        assertThat(many).as("files that this process may open").isPositive();
        List<SocketChannel> idle = new ArrayList<>(many);
        double before = heap();
        try {
            for (int i = 0; i < many; i++) {
                idle.add(SocketChannel.open(
                        new InetSocketAddress("127.0.0.1", service.url().getPort())));
            }
            RedisProcess.await("all are open", () -> caller.metric("scorecast_connections") >= many);
            assertServed();
            double each = (heap() - before) / many;
            // The ends of this test are in it too.
            assertThat(each).isLessThan(50_000);
            Reliability.note(
                    "30-idle",
                    String.format("%,d connections that idle", many),
                    String.format("others are served; %.0f KB of heap each, both ends counted", each / 1_000));
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
        awaitConnections("they are forgotten", 20);
    }

    private static double heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void headersThatComeByteByByte_areHungUpOn() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (Socket idle = connect()) {
            storeInTwoParts(idle);
            for (int i = 0; i < 200; i++) {
                Socket socket = connect();
                send(socket, "GET /v1/scores/c-1 HTTP/1.1\r\nHost: x\r\nX-Slow: ");
                slow.add(socket);
            }
            long start = System.nanoTime();
            int left = slow.size();
            while (left > 0) {
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
                assertServed();
                left = 0;
                for (Socket socket : slow) {
                    left += drips(socket) ? 1 : 0;
                }
                Thread.sleep(500);
            }
            // Who is only idle meanwhile stays connected.
            storeInTwoParts(idle);
            Reliability.note(
                    "31-slowloris",
                    "200 connections that send their headers byte by byte",
                    String.format(
                            "all are hung up on after %d s; others are served",
                            Duration.ofNanos(System.nanoTime() - start).toSeconds()));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        awaitConnections("they are forgotten", 20);
    }

    /** Headers in one piece, the body in another. */
    private static void storeInTwoParts(Socket socket) throws IOException {
        String event = MadeUpCustomers.event("idle", "e-1", "view", MadeUpCustomers.TIME);
        send(
                socket,
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                        + event.length() + "\r\n\r\n");
        send(socket, event);
        assertThat(answer(socket.getInputStream())).contains("\"accepted\":1");
    }

    /** Whether one byte more could be sent. */
    private static boolean drips(Socket socket) {
        try {
            send(socket, "x");
            socket.setSoTimeout(1);
            return socket.getInputStream().read() >= 0;
        } catch (java.net.SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Callers that vanish in the middle, or never read what they asked for. */
    @Test
    void halfOpenConnections_areForgotten() throws Exception {
        for (int i = 0; i < 200; i++) {
            try (Socket socket = connect()) {
                send(socket, "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{");
                // Ends with a reset, not in order.
                socket.setSoLinger(true, 0);
            }
        }
        awaitConnections("they are forgotten", 20);
        String many = "GET /openapi.yml HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50);
        List<Socket> deaf = new ArrayList<>();
        try {
            double before = heap();
            for (int i = 0; i < 50; i++) {
                Socket socket = connect();
                send(socket, many);
                deaf.add(socket);
            }
            assertServed();
            // 2,500 answers of a hundred kilobytes would be a quarter of a gigabyte.
            assertThat(heap() - before).isLessThan(200e6);
        } finally {
            for (Socket socket : deaf) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
        awaitConnections("they are forgotten", 20);
        assertServed();
        Reliability.note(
                "32-half-open",
                "200 callers that vanish within a body; 50 that ask for 50 answers each and read none",
                "others are served; nothing is left of them");
    }

    @Test
    void pipelinedRequests_areAnsweredInTheirOrder() throws IOException {
        int many = 500;
        try (Socket socket = connect()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < many; i++) {
                all.append("GET /v1/scores/p-").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    send(socket, all.toString());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            InputStream in = socket.getInputStream();
            for (int i = 0; i < many; i++) {
                String body = answer(in);
                assertThat(body).startsWith("{\"customer_id\":\"p-" + i + "\"");
            }
            sender.interrupt();
        }
        assertServed();
        Reliability.note("33-pipelining", many + " requests on one connection at once", "answered in their order");
    }

    /** Reads one answer, and gives its body. */
    private static String answer(InputStream in) throws IOException {
        int length = -1;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            assertThat(b).as("the connection goes on").isNotNegative();
            text.append((char) b);
        }
        return text.toString().strip();
    }
}
