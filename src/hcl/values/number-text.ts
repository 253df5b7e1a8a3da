import { Numeric } from "./value.ts";

/** The number in full, without exponent and without digits that say nothing: what a number becomes as a string. */
export function numberText(number: Numeric): string {
  return number.isZero() ? "0" : number.toFixed();
}

/** The number that a text spells (decimal digits, point, exponent, sign), or undefined if it spells none. */
export function parseNumber(text: string): Numeric | undefined {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  const number = new Numeric(text.startsWith("+") ? text.slice(1) : text);
  return number.isFinite() ? number : undefined;
}

/** The number rounded to a double and written as Go's `%v` writes it: what `packer console` shows. */
export function doubleText(number: Numeric): string {
  const double = number.toNumber();
  if (double === 0) return "0";
  if (!Number.isFinite(double)) return double > 0 ? "+Inf" : "-Inf";
  const [digits = "", exponentText = "0"] = double.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 21) return new Numeric(double).toFixed();
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits}e${exponent < 0 ? "-" : "+"}${size}`;
}
