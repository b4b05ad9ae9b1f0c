package io.scorecast.server.audience;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a service does with audiences.
 *
 * @param jobs the folder of all jobs
 * @param files the folder of the files that requests may name
 * @param kept how long finished jobs and their files are kept
 */
public record AudienceSettings(Path jobs, Path files, Duration kept) {

    /** Of the jobs, in the data folder. */
    public static final String FOLDER = "audiences";

    public static final int DEFAULT_DAYS = 30;

    /** The defaults in a data folder. */
    public static AudienceSettings in(Path data) {
        return new AudienceSettings(data.resolve("audiences"), data.resolve("files"), Duration.ofDays(DEFAULT_DAYS));
    }
}
