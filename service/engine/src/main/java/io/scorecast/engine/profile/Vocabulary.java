package io.scorecast.engine.profile;

import java.util.List;

/** An ordered list of distinct strings with an index that can be asked by UTF-8 bytes. Immutable. */
public final class Vocabulary {

    private final List<String> words;

    private Vocabulary(List<String> words) {
        this.words = List.copyOf(words);
    }

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
}
