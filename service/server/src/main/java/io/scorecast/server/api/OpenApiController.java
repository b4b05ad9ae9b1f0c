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
import java.nio.charset.StandardCharsets;

/** The description of this interface, generated from the code. */
@Controller("/openapi.yml")
final class OpenApiController {

    private static final String RESOURCE = "/META-INF/swagger/scorecast.yml";
    /** The generator writes it for parameters that may be left out; but no query can say null. */
    private static final String NULLABLE = "\n          nullable: true\n";

    private static final String YAML = "application/yaml";

    @Get
    @Hidden
    @Produces(YAML)
    HttpResponse<byte[]> document() {
        try (InputStream document = OpenApiController.class.getResourceAsStream(RESOURCE)) {
            if (document == null) {
                throw new IllegalStateException(RESOURCE + " was not generated");
            }
            String text = new String(document.readAllBytes(), StandardCharsets.UTF_8);
            int schemas = text.indexOf("\ncomponents:");
            String calls = text.substring(0, schemas).replace(NULLABLE, "\n");
            return HttpResponse.ok((calls + text.substring(schemas)).getBytes(StandardCharsets.UTF_8))
                    .contentType(MediaType.of(YAML));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
