package dev.surprisal.batch;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What is kept for later calls: objects that a thread borrows while it works, at most one a processor. Whoever
 * finds none makes one, so nobody waits; what comes back when enough are kept is dropped. So memory does not
 * grow with the threads that call.
 */
abstract class Idle<T> {
  private final AtomicReferenceArray<T> kept = new AtomicReferenceArray<>(Runtime.getRuntime().availableProcessors());

  /** Another one. */
  abstract T make();

  T borrow() {
    int first = first();
    for (int i = 0; i < kept.length(); i++) {
      int slot = (first + i) % kept.length();
      T idle = kept.getPlain(slot) == null ? null : kept.getAndSet(slot, null);
      if (idle != null) {
        return idle;
      }
    }
    return make();
  }

  void giveBack(T idle) {
    int first = first();
    for (int i = 0; i < kept.length(); i++) {
      int slot = (first + i) % kept.length();
      if (kept.getPlain(slot) == null && kept.compareAndSet(slot, null, idle)) {
        return;
      }
    }
  }

  /** Where a thread looks first: in its own place, so that it finds again what is in its processor's cache. */
  private int first() {
    return (int) (Thread.currentThread().threadId() % kept.length());
  }

  /** How many are kept. */
  int size() {
    int size = 0;
    for (int i = 0; i < kept.length(); i++) {
      size += kept.get(i) == null ? 0 : 1;
    }
    return size;
  }
}
