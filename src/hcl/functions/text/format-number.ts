import type { Numeric } from "../../values/value.ts";

/** The flags, width and precision of a verb, as Go's fmt knows them. */
export interface NumberStyle {
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly zero: boolean;
  readonly space: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** A whole number as `%d %b %o %x %X` write it. */
export function formatInteger(number: bigint, mode: string, style: NumberStyle): string {
  const base = mode === "b" ? 2 : mode === "o" ? 8 : mode === "d" ? 10 : 16;
  let digits = (number < 0n ? -number : number).toString(base);
  if (style.precision === 0 && number === 0n) return "";
  digits = digits.padStart(style.precision ?? 0, "0");
  if (mode === "X") digits = digits.toUpperCase();
  const prefix = style.sharp ? ({ b: "0b", o: "0", x: "0x", X: "0X" }[mode] ?? "") : "";
  return placed(signOf(number < 0n, style) + prefix, digits, style, style.precision === undefined);
}

/** A number as `%e %E %f %g %G` write it. */
export function formatFloat(number: Numeric, mode: string, style: NumberStyle): string {
  const size = number.abs();
  const negative = number.isNegative() && !number.isZero();
  let digits: string;
  if (mode === "f") digits = size.toFixed(style.precision ?? 6);
  else if (mode === "e" || mode === "E") digits = goExponent(size.toExponential(style.precision ?? 6));
  else digits = style.precision === undefined ? generalText(size) : general(size, Math.max(1, style.precision));
  if (mode === "E" || mode === "G") digits = digits.toUpperCase();
  // For numbers with fractions Go lets the zeros win where both 0 and - are given.
  return placed(signOf(negative, style), digits, style.zero ? { ...style, minus: false } : style, true);
}

/** The shortest text that is exact, with an exponent below 0.0001 and from 1000000 on: Go's `%g` of a big number. */
export function generalText(number: Numeric): string {
  if (number.isZero()) return "0";
  return number.e < -4 || number.e >= 6 ? goExponent(number.toExponential()) : number.toFixed();
}

function general(number: Numeric, precision: number): string {
  const rounded = number.toSignificantDigits(precision);
  if (rounded.isZero() || (rounded.e >= -4 && rounded.e < precision)) return rounded.toFixed();
  return goExponent(rounded.toExponential());
}

/** Go writes at least two digits of exponent. */
function goExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

function signOf(negative: boolean, style: NumberStyle): string {
  if (negative) return "-";
  return style.plus ? "+" : style.space ? " " : "";
}

function placed(head: string, digits: string, style: NumberStyle, mayFill: boolean): string {
  const missing = Math.max(0, (style.width ?? 0) - head.length - digits.length);
  if (style.minus) return head + digits + " ".repeat(missing);
  if (style.zero && mayFill) return head + "0".repeat(missing) + digits;
  return " ".repeat(missing) + head + digits;
}
