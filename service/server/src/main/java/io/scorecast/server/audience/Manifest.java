package io.scorecast.server.audience;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a finished job says of itself. */
final class Manifest {

    private Manifest() {}

    static Map<String, Object> of(Progress progress, JobFolder folder, Layout layout, long now) throws IOException {
        Map<String, Object> manifest = new LinkedHashMap<>();
        JobState state = progress.view();
        manifest.put("id", state.id());
        manifest.put("at", Instant.ofEpochMilli(state.at()).toString());
        manifest.put("created", Instant.ofEpochMilli(state.created()).toString());
        manifest.put("finished", Instant.ofEpochMilli(now).toString());
        manifest.put("versions", progress.versions());
        manifest.put("fingerprint", progress.fingerprint());
        manifest.put("format", layout.format().word());
        if (!layout.preset().name().isEmpty()) {
            manifest.put("preset", layout.preset().name());
        }
        manifest.put("request", RequestText.of(progress.request));
        manifest.put("customers", state.total());
        manifest.put("rows", state.rows());
        manifest.put("rejected", state.rejected());
        manifest.put("parts", progress.partsText());
        manifest.put("counts", state.counts());
        manifest.put("rejected_file", folder.rejected().getFileName().toString());
        if (Files.exists(folder.left())) {
            manifest.put("left_file", folder.left().getFileName().toString());
        }
        return manifest;
    }
}
