package io.scorecast.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.server.Fuzzer;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens and keys from outside: none that was changed opens anything, and none does harm. */
@Timeout(3_600)
class TokenFuzzTest {

    private static final SecretKeyText KEY = SecretKeyText.random("abcdefghij");

    private static ApiKey.Secret secret() {
        return new ApiKey.Secret(KEY.hash(), KEY.signingKey());
    }

    @Test
    void tokens() {
        String token =
                SignedToken.sign(KEY, "/v1/scores", Instant.ofEpochSecond(1_900_000_000), Set.of("field", "format"));
        SignedToken.Unproved good = SignedToken.parse(token);
        assertThat(good).isNotNull();
        assertThat(good.isSignedWith(secret())).isTrue();
        Fuzzer.ofTexts(List.of(token), ".", "=", "-", "_", "AAAA").feed(input -> {
            String text = new String(input, UTF_8);
            SignedToken.Unproved read = SignedToken.parse(text);
            if (read != null && read.isSignedWith(secret())) {
                assertThat(read.token()).isEqualTo(good.token());
            }
        });
    }

    /** Payloads of anybody's making, in a right envelope: they are parsed before their signature is looked at. */
    @Test
    void payloads() {
        String payload = "1\nscores:read\nabcdefghij\n1900000000\n/v1/scores\nfield,format";
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String mac = encoder.encodeToString(new byte[32]);
        Fuzzer.ofTexts(List.of(payload), "\n", ",", "admin", "scores:read", "/v1", "1")
                .feed(input -> {
                    SignedToken.Unproved read = SignedToken.parse(encoder.encodeToString(input) + '.' + mac);
                    if (read != null) {
                        assertThat(read.isSignedWith(secret())).isFalse();
                        read.token().covers("/v1/scores/c-1");
                    }
                });
    }

    @Test
    void keys() {
        Fuzzer.ofTexts(List.of("sc_abcdefghij_" + "a".repeat(52)), "sc_", "_").feed(input -> {
            SecretKeyText read = SecretKeyText.parse(new String(input, UTF_8));
            if (read != null) {
                assertThat(read.id()).hasSize(SecretKeyText.ID_LENGTH);
                assertThat(read.hash()).isNotEmpty();
            }
        });
    }

    @Test
    void keysInRedis() {
        ApiKey key = new ApiKey(
                "abcdefghij",
                "esp",
                Set.of(Scope.SCORES_READ),
                1_700_000_000_000L,
                secret(),
                secret(),
                1,
                0,
                0,
                100,
                50);
        Fuzzer.ofTexts(List.of(ApiKeyText.write(key)), "\"hash\":", "\"scopes\":", "null", "\"\"")
                .feed(input -> {
                    ApiKey read = ApiKeyText.read(new String(input, UTF_8));
                    if (read != null) {
                        assertThat(read.scopes()).isNotEmpty();
                    }
                });
    }
}
