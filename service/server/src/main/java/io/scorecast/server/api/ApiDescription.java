package io.scorecast.server.api;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;

/** What the generated description says of the whole interface. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Scorecast",
                        version = "1",
                        description =
                                "How likely, how valuable and what next, for a customer, at the moment an e-mail is"
                                        + " rendered. Errors are problem JSON (RFC 9457)."))
final class ApiDescription {

    private ApiDescription() {}
}
