import { goQuote, goUnquote } from "./go-quote.ts";

export type GoNumber = { readonly int?: bigint; readonly float: number; readonly isFloat: boolean };

/** The number that a literal of a template spells: an integer in any base, a float, or a character's code. */
export function parseGoNumber(literal: string): GoNumber | { readonly fault: string } {
  if (literal.startsWith("'")) {
    const character = goUnquote(literal);
    if (character === undefined || [...character].length !== 1) {
      return { fault: `malformed character constant: ${literal}` };
    }
    const code = character.codePointAt(0) ?? 0;
    return { int: BigInt(code), float: code, isFloat: false };
  }
  const int = parseInteger(literal);
  if (int !== undefined && int >= -(2n ** 63n) && int < 2n ** 63n) {
    return { int, float: Number(int), isFloat: false };
  }
  const float = parseFloatLiteral(literal);
  if (float === undefined) return { fault: `illegal number syntax: ${goQuote(literal)}` };
  if (!/[.eEpP]/.test(literal)) return { fault: `integer overflow: ${goQuote(literal)}` };
  return Number.isSafeInteger(float) ? { int: BigInt(float), float, isFloat: true } : { float, isFloat: true };
}

/** As Go reads integers: 10, 0x1f, 0o17, 017, 0b1, 1_000. */
export function parseInteger(text: string): bigint | undefined {
  const match =
    /^([+-]?)(?:(0[xX](?:_?[0-9a-fA-F])+)|(0[bB](?:_?[01])+)|0[oO]?((?:_?[0-7])+)|([1-9](?:_?[0-9])*|0))$/.exec(text);
  if (match === null) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const digits = (octal === undefined ? (hexadecimal ?? binary ?? decimal ?? "") : `0o${octal}`).replaceAll("_", "");
  return sign === "-" ? -BigInt(digits) : BigInt(digits);
}

function parseFloatLiteral(literal: string): number | undefined {
  const text = literal.replaceAll("_", "");
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) {
    const float = Number(text);
    return Number.isFinite(float) && !literal.includes("_") ? float : undefined;
  }
  const hexadecimal = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/.exec(text);
  if (hexadecimal === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = hexadecimal;
  if (whole + fraction === "") return undefined;
  const size = Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -size : size;
}
