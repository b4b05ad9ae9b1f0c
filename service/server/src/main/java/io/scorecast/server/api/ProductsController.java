package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventJson;
import io.scorecast.server.catalogue.Catalogue;
import io.scorecast.server.catalogue.ProductJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The catalogue. */
@Controller("/v1/products")
@Tag(name = "products")
@Refusals.OfCallers
@Refusals.OfParameters
@ExecuteOn(TaskExecutors.BLOCKING)
final class ProductsController {

    private static final String PATH = "/v1/products/";

    /** Errors that are told one by one; the rest is only counted. */
    private static final int MAX_ERRORS = 1_000;

    private final Catalogue catalogue;

    ProductsController(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Put
    @Consumes(MediaType.ALL)
    @Refusals.OfBodies
    @Operation(
            operationId = "storeProducts",
            summary =
                    "Keeps products: one object, an array, or one object a line; gzip allowed. Others stay as they are")
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Product")),
                @Content(mediaType = "application/x-ndjson", schema = @Schema(ref = "#/components/schemas/Product"))
            })
    @ApiResponse(
            responseCode = "200",
            description = "Those accepted are kept",
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Receipt")))
    HttpResponse<byte[]> put(HttpRequest<byte[]> request) {
        boolean lines = Bodies.isType(request, Bodies.NDJSON);
        if (!lines && !Bodies.isType(request, MediaType.APPLICATION_JSON_TYPE)) {
            throw ApiException.unsupportedType("products come as application/json or application/x-ndjson");
        }
        byte[] body = Bodies.bytes(request);
        Map<String, byte[]> products = new LinkedHashMap<>();
        Rejects rejects = new Rejects();
        int count = lines ? readLines(body, products, rejects) : readDocument(body, products, rejects);
        int rejected = rejects.count;
        List<EventError> told = rejects.told;
        if (count == rejected && (count > 0 || lines)) {
            throw ApiException.badEvents(
                    count == 0 ? "there is no product in the body" : "no product could be taken", told);
        }
        catalogue.put(products);
        return HttpResponse.ok(Json.bytes(out -> {
            out.writeStartObject();
            out.writeNumberField("accepted", count - rejected);
            out.writeNumberField("rejected", rejected);
            Json.writeErrors(told, out);
            out.writeEndObject();
        }));
    }

    private static int readDocument(byte[] body, Map<String, byte[]> products, Rejects rejects) {
        int count = 0;
        List<EventError> wrong = new ArrayList<>();
        try (JsonParser parser = EventJson.FACTORY.createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    ProductJson.read(parser, count++, products, wrong);
                    rejects.take(wrong);
                }
            } else if (first == JsonToken.START_OBJECT) {
                ProductJson.read(parser, count++, products, wrong);
                rejects.take(wrong);
            } else {
                throw ApiException.badRequest(null, "expected a product object or an array of them");
            }
            if (parser.nextToken() != null) {
                throw ApiException.badRequest(null, "there is more after the end of the JSON");
            }
            return count;
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getMessage());
        }
    }

    /** A product's index is its line, from 0; a line that is no JSON is an error of that line alone. */
    private static int readLines(byte[] body, Map<String, byte[]> products, Rejects rejects) {
        int count = 0;
        int line = 0;
        for (int start = 0; start < body.length; line++) {
            int end = start;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            if (!new String(body, start, end - start, StandardCharsets.UTF_8).isBlank()) {
                readLine(body, start, end - start, line, products, rejects);
                count++;
            }
            start = end + 1;
        }
        return count;
    }

    private static void readLine(
            byte[] body, int start, int length, int line, Map<String, byte[]> products, Rejects rejects) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        List<EventError> wrong = new ArrayList<>();
        try (JsonParser parser = EventJson.FACTORY.createParser(body, start, length)) {
            parser.nextToken();
            ProductJson.read(parser, line, found, wrong);
            if (wrong.isEmpty() && parser.nextToken() != null) {
                wrong.add(new EventError(line, "", "there is more after the product on the same line"));
            }
        } catch (JsonProcessingException e) {
            wrong.clear();
            wrong.add(new EventError(line, "", "not valid JSON: " + e.getOriginalMessage()));
        } catch (IOException e) {
            wrong.clear();
            wrong.add(new EventError(line, "", "not valid JSON: " + e.getMessage()));
        }
        if (wrong.isEmpty()) {
            products.putAll(found);
        }
        rejects.take(wrong);
    }

    @Get("/{product_id:[^/]+}")
    @Refusals.OfNames
    @Operation(
            operationId = "product",
            summary = "One product",
            parameters =
                    @Parameter(
                            name = "product_id",
                            in = ParameterIn.PATH,
                            required = true,
                            schema = @Schema(ref = Refusals.ID)))
    @ApiResponse(
            responseCode = "200",
            description = "The product",
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Product")))
    HttpResponse<byte[]> get(HttpRequest<?> request) {
        String id = RawPath.decode(request.getUri().getRawPath().substring(PATH.length()));
        byte[] product = catalogue.get(id);
        if (product == null) {
            throw ApiException.notFound("there is no product of this id in the catalogue");
        }
        return HttpResponse.ok(product);
    }

    /** What was not taken: all of it counted, not all of it kept, for a body may hold millions of bad lines. */
    private static final class Rejects {

        final List<EventError> told = new ArrayList<>();
        int count;

        /** Takes over what is wrong with one product. */
        void take(List<EventError> wrong) {
            for (EventError error : wrong) {
                count++;
                if (told.size() < MAX_ERRORS) {
                    told.add(error);
                }
            }
            wrong.clear();
        }
    }
}
