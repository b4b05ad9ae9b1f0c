package io.scorecast.server.store;

import io.scorecast.server.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLServerSocket;

/** Speaks TLS for a server that does not. */
final class TlsFront implements AutoCloseable {

    private final SSLServerSocket listener;
    private final int behind;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    TlsFront(TestCertificate certificate, int behind) throws IOException {
        this.behind = behind;
        listener = (SSLServerSocket)
                certificate.own().getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket outside = listener.accept();
                open.add(outside);
                Socket inside = new Socket(InetAddress.getLoopbackAddress(), behind);
                open.add(inside);
                Thread.ofVirtual().start(() -> pipe(outside, inside));
                Thread.ofVirtual().start(() -> pipe(inside, outside));
            }
        } catch (IOException e) {
            close();
        }
    }

    private void pipe(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has gone, or never trusted us: so does the other.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
