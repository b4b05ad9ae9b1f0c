package io.scorecast.server.cli;

import io.scorecast.engine.event.EventTime;
import io.scorecast.engine.event.InvalidEventException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An instant on the command line, RFC 3339 or epoch milliseconds, as epoch milliseconds. */
final class InstantConverter implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        try {
            return text.matches("\\d{1,18}")
                    ? EventTime.ofMillis("instant", Long.parseLong(text))
                    : EventTime.parse("instant", text);
        } catch (InvalidEventException e) {
            throw new TypeConversionException(e.detail());
        }
    }
}
