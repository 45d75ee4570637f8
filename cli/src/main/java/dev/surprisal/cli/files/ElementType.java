package dev.surprisal.cli.files;

/** The types of tensor elements in files. */
public enum ElementType {
  /** IEEE 754 half precision. */
  F16(2),
  /** The upper half of a single. */
  BF16(2),
  /** IEEE 754 single precision. */
  F32(4),
  /** IEEE 754 double precision; logits of it are rounded to single precision. */
  F64(8),
  /** 32-bit integers. */
  I32(4),
  /** 64-bit integers. */
  I64(8),
  /** Any other: a file may hold such tensors, but they are neither logits nor targets. */
  OTHER(0);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** {@return the size of an element in bytes} */
  public int bytes() {
    return bytes;
  }

  /** {@return whether a tensor of it may be targets} */
  public boolean isInteger() {
    return this == I32 || this == I64;
  }

  /** {@return whether a tensor of it may be logits} */
  public boolean isFloatingPoint() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }
}
