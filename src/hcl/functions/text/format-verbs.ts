import { FunctionFault } from "../../evaluation/scope.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { jsonString, toJson } from "../../values/json-text.ts";
import { BOOL, NUMBER, STRING, type Type } from "../../values/type.ts";
import { isNull, Numeric, type Value } from "../../values/value.ts";
import { formatFloat, formatInteger, generalText, type NumberStyle } from "./format-number.ts";
import { graphemes } from "./graphemes.ts";

/**
 * The text of a format with its verbs filled in: `%v %#v %t %b %d %o %x %X %e %E %f %g %G %s %q %%`, with flags
 * (`+ - # 0` and space), width, precision and the number of an argument (`%[2]s`). The values must be wholly known.
 */
export function formatText(format: string, args: readonly Value[]): string {
  const verb =
    /%(?<flags>[ +\-#0]*)(?<first>\[\d+\])?(?<width>\d+)?(?<precision>\.\d*)?(?<index>\[\d+\])?(?<mode>.|$)/gsu;
  let next = 0;
  let most = 0;
  const text = format.replace(verb, (...match: unknown[]) => {
    const raw = String(match[0]);
    const groups = match.at(-1) as Record<string, string | undefined>;
    const offset = Number(match.at(-3));
    const mode = groups.mode ?? "";
    if (mode === "%") {
      if (raw !== "%%") throw new FunctionFault(`"%%" takes no flags, but there is "${raw}" at ${offset}`, 0);
      return "%";
    }
    const explicit = groups.first ?? groups.index;
    if (explicit) {
      next = Number(explicit.slice(1, -1)) - 1;
      if (next < 0) throw new FunctionFault(`the arguments are counted from 1, but there is "${raw}" at ${offset}`, 0);
    }
    most = Math.max(most, next + 1);
    const argument = args[next];
    if (!argument)
      throw new FunctionFault(`"${raw}" at ${offset} needs argument ${next + 1}, but there ${counted(args.length)}`, 0);
    const flags = groups.flags ?? "";
    const style: NumberStyle = {
      plus: flags.includes("+"),
      minus: flags.includes("-"),
      sharp: flags.includes("#"),
      zero: flags.includes("0"),
      space: flags.includes(" "),
      width: groups.width === undefined ? undefined : Number(groups.width),
      precision: groups.precision === undefined ? undefined : Number(groups.precision.slice(1)),
    };
    if ((style.width ?? 0) > 10_000 || (style.precision ?? 0) > 10_000)
      throw new FunctionFault(`the width of "${raw}" is too large`, 0);
    next++;
    return verbText({ mode, raw, offset, argument, index: next, style });
  });
  if (most < args.length) {
    throw new FunctionFault(
      most === 0 ? "too many arguments: the format uses none" : `too many arguments: the format uses only ${most}`,
      most + 1,
    );
  }
  return text;
}

interface Verb {
  readonly mode: string;
  readonly raw: string;
  readonly offset: number;
  readonly argument: Value;
  /** Counted from 1. */
  readonly index: number;
  readonly style: NumberStyle;
}

function verbText(verb: Verb): string {
  const { mode, style, argument } = verb;
  if (mode === "v") return padded(asIs(argument, style.sharp), style);
  if (isNull(argument)) throw new FunctionFault(`null cannot be formatted with "${verb.raw}"`, verb.index);
  switch (mode) {
    case "t":
      return String(as(BOOL, verb));
    case "b":
    case "d":
    case "o":
    case "x":
    case "X": {
      const number = as(NUMBER, verb) as Numeric;
      if (!number.isInteger()) throw new FunctionFault(`"${verb.raw}" needs a whole number`, verb.index);
      return formatInteger(BigInt(number.toFixed()), mode, style);
    }
    case "e":
    case "E":
    case "f":
    case "g":
    case "G":
      return formatFloat(as(NUMBER, verb) as Numeric, mode, style);
    case "s":
      return padded(cut(as(STRING, verb) as string, style), style);
    case "q":
      return padded(jsonString(cut(as(STRING, verb) as string, style)), style);
    case "":
      throw new FunctionFault(`the format ends within the verb "${verb.raw}"`, 0);
    default:
      throw new FunctionFault(`there is no verb "%${mode}", used at ${verb.offset}`, 0);
  }
}

function asIs(value: Value, sharp: boolean): string {
  if (!sharp && typeof value.data === "string") return value.data;
  return !sharp && value.data instanceof Numeric ? generalText(value.data) : toJson(value);
}

function as(type: Type, verb: Verb): Value["data"] {
  const value = convert(verb.argument, type);
  if (value instanceof ConversionFault)
    throw new FunctionFault(`"${verb.raw}" does not fit: ${value.message}`, verb.index);
  return value.data;
}

function cut(text: string, style: NumberStyle): string {
  return style.precision ? graphemes(text).slice(0, style.precision).join("") : text;
}

function padded(text: string, style: NumberStyle): string {
  const missing = (style.width ?? 0) - graphemes(text).length;
  if (missing <= 0) return text;
  const pad = (style.zero ? "0" : " ").repeat(missing);
  return style.minus ? text + pad : pad + text;
}

function counted(count: number): string {
  if (count === 0) return "are none";
  return count === 1 ? "is only 1" : `are only ${count}`;
}
