package io.scorecast.server.cli;

import io.scorecast.server.security.Auth;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who gets in, and how. */
final class AccessOptions {

    @Option(
            names = "--auth",
            paramLabel = "auto|required|off",
            defaultValue = "auto",
            description = "Whether callers need a key; auto: always, but on loopback only once there is a key."
                    + " Default: ${DEFAULT-VALUE}")
    private Auth auth;

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = "A PEM file with the certificate chain: HTTPS. Default: HTTP")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "A PEM file with the certificate's private key.")
    private @Nullable Path key;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "" + AccessSettings.DEFAULT_MAX_CONNECTIONS,
            description = "More connections at once are closed. Default: ${DEFAULT-VALUE}")
    private int maxConnections;

    @Mixin
    private AuditOptions audit;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    AccessSettings settings() throws IOException {
        if (maxConnections < 1) {
            throw wrong("--max-connections must be 1 or more, not " + maxConnections);
        }
        return new AccessSettings(auth, audit.key(), tls(), maxConnections);
    }

    private AccessSettings.@Nullable Tls tls() throws IOException {
        Path chain = certificate;
        Path secret = key;
        if (chain == null && secret == null) {
            return null;
        }
        if (chain == null || secret == null) {
            throw wrong("--tls-certificate and --tls-key go together");
        }
        try (InputStream in = Files.newInputStream(chain)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw new CommandFailure(chain + ": there is no certificate in it");
            }
        } catch (CertificateException e) {
            throw new CommandFailure(chain + ": is no PEM file with certificates");
        }
        if (!Files.readString(secret).contains("PRIVATE KEY-----")) {
            throw new CommandFailure(secret + ": is no PEM file with a private key");
        }
        return new AccessSettings.Tls(chain, secret);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
