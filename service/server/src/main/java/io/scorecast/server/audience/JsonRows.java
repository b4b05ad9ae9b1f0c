package io.scorecast.server.audience;

import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.scorer.Scorer;

/** One object a line: the answer as a single request gets it, or the chosen fields under the names they have in the file. */
final class JsonRows implements Rows {

    private final Layout layout;
    private final Scorer scorer;
    private final JsonCells cells;

    JsonRows(Layout layout, Scorer scorer) {
        this.layout = layout;
        this.scorer = scorer;
        this.cells = new JsonCells(layout.preset());
    }

    @Override
    public byte[] header() {
        return new byte[0];
    }

    @Override
    public void row(Prediction prediction, Bytes out) {
        if (layout.whole()) {
            out.put(scorer.json().encode(prediction, null, Integer.MAX_VALUE));
        } else {
            out.put(cells.named(prediction, layout.columns()));
        }
        out.put('\n');
    }

    @Override
    public void cleared(Prediction prediction, Bytes out) {
        out.put(cells.namedCleared(prediction, layout.columns()));
        out.put('\n');
    }
}
