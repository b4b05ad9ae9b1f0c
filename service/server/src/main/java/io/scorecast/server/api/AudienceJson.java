package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.server.audience.JobState;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a job stands, as JSON; what is not known is left out. */
final class AudienceJson {

    private AudienceJson() {}

    static void write(JobState job, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", job.id());
        out.writeStringField("state", job.state().word());
        time("created", job.created(), out);
        time("started", job.started(), out);
        time("finished", job.finished(), out);
        time("at", job.at() == 0 ? null : (Long) job.at(), out);
        out.writeNumberField("done", job.done());
        out.writeNumberField("total", job.total());
        out.writeNumberField("rate", Math.round(job.rate()));
        if (job.secondsLeft() >= 0) {
            out.writeNumberField("seconds_left", Math.round(job.secondsLeft() * 10) / 10.0);
        }
        out.writeNumberField("rows", job.rows());
        out.writeNumberField("rejected", job.rejected());
        out.writeArrayFieldStart("parts");
        for (int i = 0; i < job.parts().size(); i++) {
            JobState.Part part = job.parts().get(i);
            out.writeStartObject();
            out.writeNumberField("part", i + 1L);
            out.writeStringField("name", part.name());
            out.writeNumberField("rows", part.rows());
            out.writeNumberField("bytes", part.bytes());
            out.writeStringField("sha256", part.sha256());
            out.writeEndObject();
        }
        out.writeEndArray();
        if (!job.versions().isEmpty()) {
            out.writeObjectFieldStart("versions");
            for (Map.Entry<String, Integer> version : job.versions().entrySet()) {
                out.writeNumberField(version.getKey(), version.getValue());
            }
            out.writeEndObject();
        }
        out.writeFieldName("counts");
        Json.write(job.counts(), out);
        if (!job.problem().isEmpty()) {
            out.writeStringField("problem", job.problem());
        }
        out.writeEndObject();
    }

    private static void time(String name, @Nullable Long millis, JsonGenerator out) throws IOException {
        if (millis != null) {
            out.writeStringField(name, Instant.ofEpochMilli(millis).toString());
        }
    }
}
