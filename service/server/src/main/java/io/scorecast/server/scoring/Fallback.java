package io.scorecast.server.scoring;

import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.scorer.Scorer;

/** The answer for who cannot be scored now. */
final class Fallback {

    private Fallback() {}

    static Answer answer(Scorer scorer, ScoreRequest request, Reason reason, long now) {
        Long at = request.at();
        Prediction prediction =
                scorer.fallback(request.customer().value(), reason, at == null ? now : at, request.exclude());
        return new Answer(
                scorer.json().encode(prediction, null, Integer.MAX_VALUE),
                scorer.schema(),
                prediction.asOf(),
                prediction.validUntil(),
                false,
                CacheOutcome.NONE);
    }
}
