/** Every loop: what it takes as arguments, what it leaves, and its form on the Vector API. */
package dev.surprisal.kernel.loop;
