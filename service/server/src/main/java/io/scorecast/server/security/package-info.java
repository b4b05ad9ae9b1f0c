/**
 * Who may do what, and who did: keys with scopes, signed query tokens, rate limits, and the audit record. Knows no HTTP;
 * {@code api} asks it before a controller is called.
 */
@NullMarked
package io.scorecast.server.security;

import org.jspecify.annotations.NullMarked;
