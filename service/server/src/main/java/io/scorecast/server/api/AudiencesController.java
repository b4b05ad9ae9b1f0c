package io.scorecast.server.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.server.audience.AudienceException;
import io.scorecast.server.audience.AudienceJob;
import io.scorecast.server.audience.AudienceJobs;
import io.scorecast.server.audience.JobState;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.reactivestreams.Publisher;

/** Whole audiences: submit, watch, download, cancel, resume. */
@Controller("/v1/audiences")
@Tag(name = "audiences")
@Refusals.OfCallers
@Refusals.OfParameters
@Refusals.OfNames
final class AudiencesController {

    private final AudienceJobs jobs;

    AudiencesController(AudienceJobs jobs) {
        this.jobs = jobs;
    }

    @Post
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Consumes(MediaType.ALL)
    @Operation(summary = "Queues a job; with an id file as multipart/form-data: parts request (JSON) and file")
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Audience")),
                @Content(mediaType = "multipart/form-data", schema = @Schema(ref = "#/components/schemas/Audience"))
            })
    @ApiResponse(
            responseCode = "202",
            description = "Queued; Location says where to look",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(ref = "#/components/schemas/AudienceJob")))
    @Refusals.OfBodies
    HttpResponse<byte[]> submit(HttpRequest<byte[]> request) throws IOException {
        AudienceJobs.Draft draft = jobs.draft();
        AudienceJob job;
        try {
            job = draft.submit(AudienceBody.read(request, draft, jobs));
        } catch (AudienceException e) {
            draft.drop();
            throw ApiException.badRequest(e.field().isEmpty() ? null : e.field(), e.detail());
        } catch (IOException | RuntimeException e) {
            draft.drop();
            throw e;
        }
        URI location = URI.create("/v1/audiences/" + job.id());
        return HttpResponse.<byte[]>accepted(location).body(json(job));
    }

    private static byte[] json(AudienceJob job) {
        JobState state = job.state();
        return Json.bytes(out -> AudienceJson.write(state, out));
    }

    @Get
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Operation(operationId = "audiences", summary = "All jobs, the newest first")
    @ApiResponse(
            responseCode = "200",
            description = "The jobs",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(ref = "#/components/schemas/AudienceJobs")))
    HttpResponse<byte[]> list() {
        return HttpResponse.ok(Json.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("audiences");
            for (AudienceJob job : jobs.list()) {
                AudienceJson.write(job.state(), out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }));
    }

    @Get("/{job}")
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Operation(operationId = "audience", summary = "How a job stands")
    @ApiResponse(
            responseCode = "200",
            description = "The job",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(ref = "#/components/schemas/AudienceJob")))
    HttpResponse<byte[]> job(@PathVariable String job) {
        return HttpResponse.ok(json(find(job)));
    }

    private AudienceJob find(String id) {
        AudienceJob job = jobs.find(id);
        if (job == null) {
            throw ApiException.notFound(Nearest.message(
                    "audience", id, jobs.list().stream().map(AudienceJob::id).toList()));
        }
        return job;
    }

    @Get("/{job}/progress")
    @Produces(MediaType.TEXT_EVENT_STREAM)
    @Operation(summary = "How a job stands, as server-sent events until it has ended")
    @ApiResponse(
            responseCode = "200",
            description = "The job again and again",
            content = @Content(mediaType = "text/event-stream", schema = @Schema(type = "string")))
    Publisher<Event<String>> progress(@PathVariable String job) {
        return new ProgressEvents(find(job));
    }

    @Get("/{job}/parts/{n}")
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Operation(operationId = "audiencePart", summary = "A whole part; ranges of it too")
    @FileAnswer.Described
    @Refusals.OfVersions
    HttpResponse<?> part(@PathVariable String job, @PathVariable String n, HttpRequest<?> request) throws IOException {
        AudienceJob found = find(job);
        JobState.Part part = n.matches("\\d{1,6}") ? found.part(Integer.parseInt(n)) : null;
        if (part == null) {
            throw ApiException.notFound("the audience has no whole part " + n + " (it has "
                    + found.state().parts().size() + " so far)");
        }
        return FileAnswer.of(request, found.folder().resolve(part.name()), part.sha256());
    }

    @Get("/{job}/rejected")
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Operation(operationId = "audienceRejected", summary = "Who could not be scored, and why, as CSV")
    @FileAnswer.Described
    @Refusals.OfVersions
    HttpResponse<?> rejected(@PathVariable String job, HttpRequest<?> request) throws IOException {
        return file(request, find(job).rejected(), "the audience has no file of rejects yet");
    }

    @Get("/{job}/left")
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Operation(
            operationId = "audienceLeft",
            summary = "Who was written by the job that this one is compared with, and is not chosen now, as CSV")
    @FileAnswer.Described
    @Refusals.OfVersions
    HttpResponse<?> left(@PathVariable String job, HttpRequest<?> request) throws IOException {
        return file(request, find(job).left(), "the audience is compared with no other one");
    }

    @Get("/{job}/manifest")
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Operation(
            operationId = "audienceManifest",
            summary = "What a finished job says of itself: parts, checksums, versions, counts")
    @FileAnswer.Described
    @Refusals.OfVersions
    HttpResponse<?> manifest(@PathVariable String job, HttpRequest<?> request) throws IOException {
        return file(request, find(job).manifest(), "the audience is not done yet");
    }

    private static HttpResponse<?> file(HttpRequest<?> request, Path file, String otherwise) throws IOException {
        if (!Files.exists(file)) {
            throw ApiException.notFound(otherwise);
        }
        return FileAnswer.of(request, file, null);
    }

    @Post("/{job}/resume")
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Consumes(MediaType.ALL)
    @Operation(summary = "Goes on behind the last whole part")
    @ApiResponse(
            responseCode = "202",
            description = "The job",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(ref = "#/components/schemas/AudienceJob")))
    @Refusals.OfVersions
    HttpResponse<byte[]> resume(@PathVariable String job) throws IOException {
        AudienceJob found = find(job);
        try {
            jobs.resume(found);
        } catch (AudienceException e) {
            throw ApiException.conflict(e.detail());
        }
        return HttpResponse.<byte[]>accepted().body(json(found));
    }

    @Delete("/{job}")
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Consumes(MediaType.ALL)
    @Operation(summary = "Cancels a job that is not done; its whole parts stay")
    @ApiResponse(
            responseCode = "202",
            description = "The job",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(ref = "#/components/schemas/AudienceJob")))
    @Refusals.OfVersions
    HttpResponse<byte[]> cancel(@PathVariable String job) throws IOException {
        AudienceJob found = find(job);
        jobs.cancel(found);
        return HttpResponse.<byte[]>accepted()
                .header(HttpHeaders.LOCATION, "/v1/audiences/" + found.id())
                .body(json(found));
    }
}
