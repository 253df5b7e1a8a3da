import { goQuote, goQuoteRune } from "./go-quote.ts";
import { fromData, type GoValue, isList, isMap, keyOf, sortedKeys, typeName } from "./go-value.ts";

/** One value as `%v` shows it. */
export function goPrint(value: GoValue): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "number") return floatText(value);
  if (isList(value)) return `[${value.map((item) => goPrint(fromData(item))).join(" ")}]`;
  if (isMap(value)) {
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${goPrint(keyOf(value, key))}`)
      .join(" ")}]`;
  }
  return String(value);
}

/** `print`: spaces only between two values of which neither is a text. */
export function goSprint(values: readonly GoValue[]): string {
  return values
    .map((value, index) => {
      const spaced = index > 0 && typeof value !== "string" && typeof values[index - 1] !== "string";
      return (spaced ? " " : "") + goPrint(value);
    })
    .join("");
}

/** `println`: a space between all, and a line end. */
export function goSprintln(values: readonly GoValue[]): string {
  return `${values.map(goPrint).join(" ")}\n`;
}

/** `printf`, with Go's flags, widths and precisions; what does not fit is shown as Go shows it (`%!d(string=x)`). */
export function goSprintf(format: string, values: readonly GoValue[]): string {
  let next = 0;
  const text = format.replace(VERB, (_all, flags: string, width = "", point = "", precision = "", verb = "") => {
    if (verb === "") return "%!(NOVERB)";
    const star = (size: string): number | undefined => {
      if (size === "*") return Number(values[next++] ?? 0);
      return size === "" ? undefined : Number(size);
    };
    const wide = star(width);
    const precise = point ? (star(precision) ?? 0) : undefined;
    if (verb === "%") return "%";
    if (next >= values.length) return `%!${verb}(MISSING)`;
    const value = values[next++];
    const left = flags.includes("-") || (wide ?? 0) < 0;
    const formatted = formatOne(verb, value, flags, precise);
    if (formatted === undefined) return bad(verb, value);
    return padded(formatted, Math.abs(wide ?? 0), left, flags.includes("0") && typeof value !== "string");
  });
  if (next >= values.length) return text;
  return `${text}%!(EXTRA ${values.slice(next).map(badText).join(", ")})`;
}

const VERB = /%([+\-# 0]*)(\d+|\*)?(?:(\.)(\d+|\*)?)?(\p{Any}?)/gu;

/** Go's shortest form of a float, with an exponent from 1e21 and below 1e-4. */
function floatText(float: number): string {
  if (Number.isNaN(float)) return "NaN";
  if (!Number.isFinite(float)) return float > 0 ? "+Inf" : "-Inf";
  const [digits = "", exponentText = "0"] = float.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 21) return `${digits}e${exponentDigits(exponent)}`;
  if (Object.is(float, -0)) return "-0";
  // Between these exponents JavaScript may still use one of its own, below 1e-6.
  return exponent < 0 ? float.toFixed(Math.min(100, digits.replace(/[-.]/g, "").length - 1 - exponent)) : String(float);
}

function exponentDigits(exponent: number): string {
  return (exponent < 0 ? "-" : "+") + String(Math.abs(exponent)).padStart(2, "0");
}

function bad(verb: string, value: GoValue): string {
  return `%!${verb}(${badText(value)})`;
}

function badText(value: GoValue): string {
  return value === null || value === undefined ? "<nil>" : `${typeName(value)}=${goPrint(value)}`;
}

/** undefined: the verb does not fit the value. */
function formatOne(verb: string, value: GoValue, flags: string, precision: number | undefined): string | undefined {
  if (verb === "T") return value === null || value === undefined ? "<nil>" : typeName(value);
  if (verb === "v" && !flags.includes("#")) {
    if (typeof value === "string") return cut(value, precision);
    return typeof value === "bigint" ? signed(value, 10, flags) : goPrint(value);
  }
  if (verb === "v") return typeof value === "string" ? goQuote(value) : goPrint(value);
  if (isList(value)) {
    const items = value.map(fromData).map((item) => formatOne(verb, item, flags, precision) ?? bad(verb, item));
    return `[${items.join(" ")}]`;
  }
  if (typeof value === "boolean") return verb === "t" ? String(value) : undefined;
  if (typeof value === "string") return formatText(verb, value, flags, precision);
  if (typeof value === "bigint") return formatInteger(verb, value, flags);
  if (typeof value === "number") return formatFloat(verb, value, flags, precision);
  return undefined;
}

function formatText(verb: string, text: string, flags: string, precision: number | undefined): string | undefined {
  if (verb === "s") return cut(text, precision);
  if (verb === "q") return flags.includes("#") && !/[`\r\n]/.test(text) ? `\`${text}\`` : goQuote(cut(text, precision));
  if (verb !== "x" && verb !== "X") return undefined;
  const hexadecimal = Buffer.from(text).toString("hex");
  return verb === "x" ? hexadecimal : hexadecimal.toUpperCase();
}

function formatInteger(verb: string, value: bigint, flags: string): string | undefined {
  const alternate = flags.includes("#");
  switch (verb) {
    case "d":
      return signed(value, 10, flags);
    case "b":
      return signed(value, 2, flags, alternate ? "0b" : "");
    case "o":
      return signed(value, 8, flags, alternate ? "0" : "");
    case "O":
      return signed(value, 8, flags, "0o");
    case "x":
      return signed(value, 16, flags, alternate ? "0x" : "");
    case "X":
      return signed(value, 16, flags, alternate ? "0X" : "").replace(/[a-f]+/g, (digits) => digits.toUpperCase());
    case "c":
      return String.fromCodePoint(Number(value));
    case "q":
      return goQuoteRune(String.fromCodePoint(Number(value)));
    case "U":
      return `U+${value.toString(16).toUpperCase().padStart(4, "0")}`;
    default:
      return undefined;
  }
}

function signed(value: bigint, base: number, flags: string, prefix = ""): string {
  const sign = value < 0n ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  return sign + prefix + (value < 0n ? -value : value).toString(base);
}

function formatFloat(verb: string, value: number, flags: string, precision: number | undefined): string | undefined {
  const sign = value >= 0 ? (flags.includes("+") ? "+" : flags.includes(" ") ? " " : "") : "";
  if (verb === "f" || verb === "F") return sign + value.toFixed(Math.min(100, precision ?? 6));
  if (verb === "g" && precision === undefined) return sign + floatText(value);
  if (verb !== "e" && verb !== "E") return undefined;
  const [digits = "", exponent = "0"] = value.toExponential(Math.min(100, precision ?? 6)).split("e");
  return sign + digits + verb + exponentDigits(Number(exponent));
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : [...text].slice(0, precision).join("");
}

function padded(text: string, width: number, left: boolean, zeros: boolean): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (left) return text + " ".repeat(missing);
  if (!zeros) return " ".repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}
