package io.scorecast.server.api;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of this interface, generated from the code. */
@Controller("/openapi.yml")
final class OpenApiController {

    private static final String RESOURCE = "/META-INF/swagger/scorecast.yml";
    private static final String YAML = "application/yaml";

    @Get
    @Hidden
    @Produces(YAML)
    HttpResponse<byte[]> document() {
        try (InputStream document = OpenApiController.class.getResourceAsStream(RESOURCE)) {
            if (document == null) {
                throw new IllegalStateException(RESOURCE + " was not generated");
            }
            return HttpResponse.ok(document.readAllBytes()).contentType(MediaType.of(YAML));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
