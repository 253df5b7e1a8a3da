import { Numeric, settled } from "./value.ts";

/** The number in full, without exponent and without digits that say nothing: what a number becomes as a string. */
export function numberText(number: Numeric): string {
  return number.isZero() ? "0" : settled(number).toFixed();
}

/** The number that a text spells (decimal digits, point, exponent, sign), or undefined if it spells none. */
export function parseNumber(text: string): Numeric | undefined {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  const number = new Numeric(text.startsWith("+") ? text.slice(1) : text);
  return number.isFinite() ? number : undefined;
}

const INT64_MIN = new Numeric("-9223372036854775808");
const INT64_MAX = new Numeric("9223372036854775807");

/** The number as `packer console` shows it: whole ones of 64 bits in full, others as doubles in Go's `%g`. */
export function consoleNumberText(number: Numeric): string {
  if (number.isInteger() && number.greaterThanOrEqualTo(INT64_MIN) && number.lessThanOrEqualTo(INT64_MAX)) {
    return numberText(number);
  }
  const double = number.toNumber();
  if (!Number.isFinite(double)) return double > 0 ? "+Inf" : "-Inf";
  const [digits = "", exponentText = "0"] = double.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return new Numeric(double).toFixed();
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits}e${exponent < 0 ? "-" : "+"}${size}`;
}
