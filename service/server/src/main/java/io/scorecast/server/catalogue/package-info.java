/** The shop's products: their JSON, and what a process knows of them. */
@NullMarked
package io.scorecast.server.catalogue;

import org.jspecify.annotations.NullMarked;
