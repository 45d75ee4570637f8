/**
 * Every statistic by its definition, in plain double arithmetic: what the kernels are checked against, and what runs
 * where the Vector API is missing. Slow, and meant to be read.
 */
package dev.surprisal.reference;
