package io.scorecast.server.security;

/** When keys are asked for. */
public enum Auth {
    /** On an address of this machine alone as soon as there is a key; on any other always. */
    AUTO,
    REQUIRED,
    OFF
}
