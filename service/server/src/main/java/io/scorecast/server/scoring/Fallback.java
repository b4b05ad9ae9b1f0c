package io.scorecast.server.scoring;

import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.scorer.Question;

/** The answer for who cannot be scored now. */
final class Fallback {

    private Fallback() {}

    static Answer answer(Basis basis, ScoreRequest request, Reason reason, long now) {
        Long at = request.at();
        Question question = new Question(request.customer().value(), at == null ? now : at, now, request.exclude());
        Prediction prediction = basis.scorer().fallback(question, reason, basis.catalogue());
        return new Answer(
                basis.scorer().json().encode(prediction, null, Integer.MAX_VALUE),
                basis.scorer().schema(),
                prediction.asOf(),
                prediction.validUntil(),
                false,
                CacheOutcome.NONE);
    }
}
