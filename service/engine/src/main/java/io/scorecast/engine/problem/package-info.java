/**
 * What is wrong with something a person wrote: a model folder, a policy, a feature file. Problems are collected while a
 * whole artefact is read and thrown once, each with its place and what was expected, so that one try shows everything.
 */
@NullMarked
package io.scorecast.engine.problem;

import org.jspecify.annotations.NullMarked;
