/** Every loop: what it takes as arguments, what it leaves, and its two forms, in vectors and in plain Java. */
package dev.surprisal.kernel.loop;
