package io.scorecast.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Sealed ids are AES-SIV, as a second reading of RFC 5297 has it, and come back only with their key. */
class IdCipherTest {

    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final IdCipher CIPHER = IdCipher.of(KEY);

    @Test
    void seal_sameId_isTheSameTextAndFitsAKey() {
        String sealed = CIPHER.seal("a+b@x.com");
        assertThat(sealed).isEqualTo(CIPHER.seal("a+b@x.com")).matches("[A-Za-z0-9_-]+");
        assertThat(CIPHER.open(sealed)).isEqualTo("a+b@x.com");
        assertThat(CIPHER.seal("a+b@x.con")).isNotEqualTo(sealed);
        assertThat(CIPHER.open(CIPHER.seal("größe/日本"))).isEqualTo("größe/日本");
    }

    @Test
    void open_anythingElse_isNull() {
        String sealed = CIPHER.seal("c-17");
        assertThat(IdCipher.of(KEY + "!").open(sealed)).isNull();
        for (String other : new String[] {"", "c-17", "x", sealed + "A", sealed.substring(4), "%%%"}) {
            assertThat(CIPHER.open(other)).as(other).isNull();
        }
        byte[] body = "{\"customer_id\":\"c-17\"}".getBytes(StandardCharsets.UTF_8);
        byte[] hidden = CIPHER.seal(body, "c-17");
        assertThat(CIPHER.open(hidden, "c-17")).isEqualTo(body);
        // A body is its customer's alone, and none is an id.
        assertThat(CIPHER.open(hidden, "c-18")).isNull();
        assertThat(CIPHER.open(Base64.getUrlEncoder().withoutPadding().encodeToString(hidden)))
                .isNull();
        hidden[3] ^= 1;
        assertThat(CIPHER.open(hidden, "c-17")).isNull();
    }

    @Test
    void of_noKeyOrAShortOne() {
        assertThat(IdCipher.of(null).seal("c-17")).isEqualTo("c-17");
        assertThat(IdCipher.of("")).isSameAs(IdCipher.NONE);
        assertThatThrownBy(() -> IdCipher.of("x".repeat(31))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void seal_isThatOfTheRfc() throws GeneralSecurityException {
        byte[] both = MessageDigest.getInstance("SHA-512")
                .digest(("scorecast id key\n" + KEY).getBytes(StandardCharsets.UTF_8));
        for (String id : new String[] {"c", "c-17", "exactly 16 bytes", "an id of more than sixteen bytes"}) {
            byte[] expected =
                    siv(both, "scorecast id".getBytes(StandardCharsets.UTF_8), id.getBytes(StandardCharsets.UTF_8));
            assertThat(CIPHER.seal(id))
                    .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(expected));
        }
    }

    /** The example of RFC 5297, A.1, holds the second reading to its text. */
    @Test
    void secondReading_isThatOfTheRfc() throws GeneralSecurityException {
        HexFormat hex = HexFormat.of();
        byte[] sealed = siv(
                hex.parseHex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
                hex.parseHex("101112131415161718191a1b1c1d1e1f2021222324252627"),
                hex.parseHex("112233445566778899aabbccddee"));
        assertThat(hex.formatHex(sealed)).isEqualTo("85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c");
    }

    private static byte[] siv(byte[] both, byte[] associated, byte[] plain) throws GeneralSecurityException {
        byte[] mac = Arrays.copyOfRange(both, 0, both.length / 2);
        byte[] d = xor(twice(cmac(mac, new byte[16])), cmac(mac, associated));
        byte[] end;
        if (plain.length >= 16) {
            end = plain.clone();
            for (int i = 0; i < 16; i++) {
                end[end.length - 16 + i] ^= d[i];
            }
        } else {
            byte[] padded = Arrays.copyOf(plain, 16);
            padded[plain.length] = (byte) 0x80;
            end = xor(twice(d), padded);
        }
        byte[] v = cmac(mac, end);
        byte[] start = v.clone();
        start[8] &= 0x7f;
        start[12] &= 0x7f;
        Cipher counter = Cipher.getInstance("AES/CTR/NoPadding");
        counter.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(Arrays.copyOfRange(both, both.length / 2, both.length), "AES"),
                new IvParameterSpec(start));
        byte[] sealed = Arrays.copyOf(v, 16 + plain.length);
        System.arraycopy(counter.doFinal(plain), 0, sealed, 16, plain.length);
        return sealed;
    }

    /** RFC 4493. */
    private static byte[] cmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        byte[] first = twice(aes.doFinal(new byte[16]));
        int whole = Math.max(0, (message.length - 1) / 16);
        byte[] last = Arrays.copyOf(Arrays.copyOfRange(message, 16 * whole, message.length), 16);
        boolean full = message.length > 0 && message.length % 16 == 0;
        if (!full) {
            last[message.length - 16 * whole] = (byte) 0x80;
        }
        byte[] state = new byte[16];
        for (int block = 0; block < whole; block++) {
            state = aes.doFinal(xor(state, Arrays.copyOfRange(message, 16 * block, 16 * block + 16)));
        }
        return aes.doFinal(xor(state, xor(last, full ? first : twice(first))));
    }

    private static byte[] twice(byte[] block) {
        byte[] doubled = new byte[16];
        for (int i = 0; i < 16; i++) {
            doubled[i] = (byte) (block[i] << 1 | (i < 15 ? (block[i + 1] & 0xff) >> 7 : 0));
        }
        if (block[0] < 0) {
            doubled[15] ^= (byte) 0x87;
        }
        return doubled;
    }

    private static byte[] xor(byte[] one, byte[] other) {
        byte[] result = new byte[16];
        for (int i = 0; i < 16; i++) {
            result[i] = (byte) (one[i] ^ other[i]);
        }
        return result;
    }
}
