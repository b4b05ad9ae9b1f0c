package io.scorecast.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/** Runs commands in this process, as {@link Main} does for the launcher. */
final class Commands {

    /** The repository's root: tests run in the module's folder. */
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    private Commands() {}

    record Done(int code, String out, String err) {}

    static Done run(Object... arguments) {
        return run(Map.of(), arguments);
    }

    static Done run(Map<String, String> environment, Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        int code = Main.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Done(code, out.toString(), err.toString());
    }
}
