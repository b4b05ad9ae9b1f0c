package io.scorecast.server.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A span of time: {@code 90s}, {@code 30m}, {@code 12h}, {@code 7d}; a bare {@code 0} for none. */
final class LifetimeConverter implements ITypeConverter<Duration> {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([smhd])");

    @Override
    public Duration convert(String text) {
        Matcher span = SPAN.matcher(text);
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (!span.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is no span of time; expected one like 7d, 12h, 30m or 90s");
        }
        long count = Long.parseLong(span.group(1));
        return switch (span.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
