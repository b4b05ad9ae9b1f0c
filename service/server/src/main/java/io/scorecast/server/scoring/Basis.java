package io.scorecast.server.scoring;

import io.scorecast.engine.prediction.ItemCatalogue;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.server.catalogue.Catalogue;

/**
 * What answers are made of besides profiles.
 *
 * @param fingerprint equal exactly where answers are: that of the Scorer, and what the catalogue holds
 */
record Basis(Scorer scorer, ItemCatalogue catalogue, String fingerprint) {

    static Basis of(Scorer scorer, Catalogue.State catalogue) {
        return new Basis(scorer, catalogue.products(), catalogue.fingerprint(scorer));
    }
}
