package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Redis that a service or test has started in a folder, to be hurt. */
record RedisProcess(Path folder) {

    long pid() throws IOException {
        // The file says process and port.
        return Long.parseLong(
                Files.readString(folder.resolve("redis.pid")).split(" ", 2)[0].strip());
    }

    /** Stops it without its notice: connections stay open, nothing answers. */
    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    void kill() throws IOException, InterruptedException {
        signal("-KILL");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(pid())).start();
        assertThat(kill.waitFor()).isZero();
    }
}
