package io.scorecast.server.scoring;

import io.scorecast.engine.prediction.ItemCatalogue;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.scorer.Question;
import io.scorecast.engine.scorer.Scorer;

/** The answer for who cannot be scored now. */
final class Fallback {

    private Fallback() {}

    static Answer answer(Scorer scorer, ItemCatalogue catalogue, ScoreRequest request, Reason reason, long now) {
        Long at = request.at();
        Question question = new Question(request.customer().value(), at == null ? now : at, now, request.exclude());
        Prediction prediction = scorer.fallback(question, reason, catalogue);
        return new Answer(
                scorer.json().encode(prediction, null, Integer.MAX_VALUE),
                scorer.schema(),
                prediction.asOf(),
                prediction.validUntil(),
                false,
                CacheOutcome.NONE);
    }
}
