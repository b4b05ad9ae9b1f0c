package io.scorecast.server.store;

import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.ProfileLog;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A kept prediction as a Redis value: the log's header and length, when it ends, then the body. */
final class PredictionValue {

    /** The log's header and length: what a prediction was computed from. */
    static final int PROOF_BYTES = ProfileLog.HEADER_BYTES + Long.BYTES;

    private static final int BODY_START = PROOF_BYTES + Long.BYTES;

    private PredictionValue() {}

    static byte[] of(LogHeader header, long length, CachedPrediction prediction) {
        return ByteBuffer.allocate(BODY_START + prediction.body().length)
                .put(ProfileLog.header(header))
                .putLong(length)
                .putLong(prediction.validUntil())
                .put(prediction.body())
                .array();
    }

    /** The prediction, if it is of this content and not past its time; else null. */
    static @Nullable CachedPrediction read(byte @Nullable [] value, LogIdentity identity, long now) {
        if (value == null || value.length < BODY_START) {
            return null;
        }
        LogHeader header = ProfileLog.headerOf(value, 0, value.length);
        ByteBuffer bytes = ByteBuffer.wrap(value);
        long length = bytes.getLong(ProfileLog.HEADER_BYTES);
        long validUntil = bytes.getLong(PROOF_BYTES);
        if (header == null || !header.equals(identity.header()) || length != identity.length() || now >= validUntil) {
            return null;
        }
        byte[] body = new byte[value.length - BODY_START];
        bytes.get(BODY_START, body);
        return new CachedPrediction(body, validUntil);
    }
}
