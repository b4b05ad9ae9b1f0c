package io.scorecast.engine.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files of one folder, and of no other: a name that leads out of it, also through a link, finds nothing. */
public final class FolderFiles {

    /** An authored text above this is a mistake, or an attack on the heap. */
    private static final long MAX_TEXT_BYTES = 64L << 20;

    private final Path folder;

    public FolderFiles(Path folder) {
        this.folder = folder;
    }

    /** Why a name does not lead to a file of the folder that SHA256SUMS must list; null if it does. */
    public @Nullable String refusal(String name) {
        for (String part : name.split("/", -1)) {
            if (part.startsWith(".") && part.length() > 2) {
                return "'" + name + "' is hidden, and no hash covers hidden files";
            }
        }
        return refusalAlsoIfHidden(name);
    }

    @Nullable
    String refusalAlsoIfHidden(String name) {
        try {
            if (name.isEmpty() || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0 || name.startsWith("/")) {
                return "'" + name + "' is no relative file name";
            }
            Path relative = Path.of(name);
            for (Path part : relative) {
                if (part.toString().equals("..")) {
                    return "'" + name + "' leads out of the folder";
                }
            }
            Path real = folder.resolve(relative).toRealPath();
            if (!real.startsWith(folder.toRealPath())) {
                return "'" + name + "' is a link that leads out of the folder";
            }
            return Files.isRegularFile(real) ? null : "'" + name + "' is no file";
        } catch (InvalidPathException e) {
            return "'" + name + "' is no file name";
        } catch (java.nio.file.NoSuchFileException e) {
            return "there is no file '" + name + "' in the folder";
        } catch (IOException e) {
            return "'" + name + "' cannot be followed: " + e.getMessage();
        }
    }

    /** Whether there is anything of that name, be it a file or a link that leads nowhere. */
    public boolean has(String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** The path of a name that is not refused. */
    public Path path(String name) {
        return folder.resolve(name);
    }

    /**
     * The whole of a text file.
     *
     * @throws IOException with a message for the author if it cannot be read, is too large, or is not UTF-8
     */
    public String text(String name) throws IOException {
        String refusal = refusal(name);
        if (refusal != null) {
            throw new IOException(refusal);
        }
        long size = Files.size(path(name));
        if (size > MAX_TEXT_BYTES) {
            throw new IOException("'" + name + "' has " + size + " bytes; at most " + MAX_TEXT_BYTES + " are read");
        }
        byte[] bytes = Files.readAllBytes(path(name));
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("'" + name + "' is not UTF-8 text", e);
        }
    }
}
