package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Seals the bodies of predictions, which name their customers, on their way into a store. */
final class SealedPredictions implements PredictionStore {

    private final PredictionStore store;
    private final IdCipher cipher;

    SealedPredictions(PredictionStore store, IdCipher cipher) {
        this.store = store;
        this.cipher = cipher;
    }

    @Override
    public List<Proof> prove(List<Probe> probes, String fingerprint, long now) {
        List<Proof> proofs = store.prove(probes, fingerprint, now);
        if (cipher == IdCipher.NONE) {
            return proofs;
        }
        return IntStream.range(0, proofs.size())
                .mapToObj(i -> opened(proofs.get(i), probes.get(i).customer()))
                .toList();
    }

    private Proof opened(Proof proof, CustomerId customer) {
        CachedPrediction open = opened(proof.prediction(), customer);
        boolean unreadable = open == null && proof.prediction() != null;
        return new Proof(proof.identity(), open, proof.other() || unreadable, proof.log());
    }

    /** Null if there is none, or it was sealed with another key. */
    private @Nullable CachedPrediction opened(@Nullable CachedPrediction sealed, CustomerId customer) {
        byte[] body = sealed == null ? null : cipher.open(sealed.body(), customer.value());
        return sealed == null || body == null ? null : new CachedPrediction(body, sealed.validUntil());
    }

    @Override
    public List<Boolean> keep(List<Kept> kept, String fingerprint, long now) {
        return store.keep(
                cipher == IdCipher.NONE ? kept : kept.stream().map(this::sealed).toList(), fingerprint, now);
    }

    private Kept sealed(Kept kept) {
        byte[] body = cipher.seal(kept.prediction().body(), kept.customer().value());
        return new Kept(
                kept.customer(),
                kept.identity(),
                new CachedPrediction(body, kept.prediction().validUntil()),
                kept.replaces());
    }

    @Override
    public void forget(List<CustomerId> customers, String fingerprint) {
        store.forget(customers, fingerprint);
    }
}
