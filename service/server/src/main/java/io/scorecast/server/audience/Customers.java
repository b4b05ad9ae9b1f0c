package io.scorecast.server.audience;

import java.nio.file.Path;
import java.util.List;

/** Who is to be scored. */
public sealed interface Customers {

    /** Everybody who has a profile. */
    record All() implements Customers {}

    /** Those for whom a segment of the policy holds. */
    record Segment(String name) implements Customers {}

    /** Those whose ids stand in a file: plain lines, CSV with a header, NDJSON or Parquet, gzipped or not. */
    record Ids(Path file) implements Customers {}

    /** Those of event files, scored from them alone, without Redis. */
    record Events(List<Path> files) implements Customers {
        public Events {
            files = List.copyOf(files);
        }
    }
}
