package io.scorecast.server.api;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The problems that calls may be answered with, for the description: one annotation for each thing that may be wrong. */
final class Refusals {

    /** The schema of ids. */
    static final String ID = "#/components/schemas/Id";

    private Refusals() {}

    /** Whatever asks for a key, and has limits on what stands in front of a body. */
    @ApiResponse(responseCode = "401", ref = "#/components/responses/Unauthenticated")
    @ApiResponse(responseCode = "403", ref = "#/components/responses/Forbidden")
    @ApiResponse(responseCode = "413", ref = "#/components/responses/TooLarge")
    @ApiResponse(responseCode = "429", ref = "#/components/responses/TooMany")
    @ApiResponse(responseCode = "503", ref = "#/components/responses/Unavailable")
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface OfCallers {}

    /** A parameter, a part of the path, or the form of the request itself. */
    @ApiResponse(responseCode = "400", ref = "#/components/responses/BadRequest")
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE})
    @interface OfParameters {}

    /** A body and its type. */
    @ApiResponse(responseCode = "415", ref = "#/components/responses/UnsupportedType")
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface OfBodies {}

    /** The name of something that may not be there. */
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE})
    @interface OfNames {}

    /** A version that is there and cannot do what is asked. */
    @ApiResponse(responseCode = "409", ref = "#/components/responses/Conflict")
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface OfVersions {}
}
