package io.scorecast.engine.profile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** An ordered list of distinct strings with an index that can be asked by UTF-8 bytes. Immutable. */
public final class Vocabulary {

    private final List<String> words;
    private final byte[][] encoded;

    /** Open addressing; 0 is empty, else an index plus one. At most half full. */
    private final int[] slots;

    private Vocabulary(List<String> words) {
        this.words = List.copyOf(words);
        encoded = new byte[words.size()][];
        slots = new int[Integer.highestOneBit(Math.max(4, words.size())) * 4];
        for (int i = 0; i < encoded.length; i++) {
            byte[] word = words.get(i).getBytes(StandardCharsets.UTF_8);
            encoded[i] = word;
            int slot = LogReader.hash(word, 0, word.length) & slots.length - 1;
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = i + 1;
        }
    }

    /** Takes words in their order; of one that is given twice the first counts. */
    public static Vocabulary of(List<String> words) {
        return new Vocabulary(words);
    }

    public int size() {
        return words.size();
    }

    public String word(int index) {
        return words.get(index);
    }

    public List<String> words() {
        return words;
    }

    /** The index of a word, from 0; -1 if it is none of them. */
    public int indexOf(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        return indexOf(bytes, 0, bytes.length);
    }

    int indexOf(byte[] bytes, int at, int length) {
        int mask = slots.length - 1;
        for (int slot = LogReader.hash(bytes, at, length) & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            byte[] word = encoded[slots[slot] - 1];
            if (word.length == length && Arrays.equals(word, 0, length, bytes, at, at + length)) {
                return slots[slot] - 1;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Vocabulary that && words.equals(that.words);
    }

    @Override
    public int hashCode() {
        return words.hashCode();
    }
}
