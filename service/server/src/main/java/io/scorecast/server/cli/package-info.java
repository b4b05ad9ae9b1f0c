/** The command line. */
@NullMarked
package io.scorecast.server.cli;

import org.jspecify.annotations.NullMarked;
