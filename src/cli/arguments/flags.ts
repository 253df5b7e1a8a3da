/**
 * Flags as Packer takes them (the rules of Go's `flag`): `-name value`, `-name=value`, `--name` alike; a boolean takes
 * its value only after `=`. Unlike there, flags behind the first positional argument are flags too; `--` ends them.
 */
export type Flag =
  | { readonly kind: "boolean"; readonly doc: string; readonly default?: boolean; readonly hidden?: boolean }
  | {
      readonly kind: "number";
      readonly doc: string;
      readonly value: string;
      readonly default?: number;
      readonly hidden?: boolean;
    }
  | {
      readonly kind: "text";
      readonly doc: string;
      readonly value: string;
      readonly oneOf?: readonly string[];
      readonly default?: string;
      readonly hidden?: boolean;
    }
  /** Comma-separated and repeatable: all are collected. */
  | { readonly kind: "list"; readonly doc: string; readonly value: string; readonly hidden?: boolean }
  /** Repeatable, not split at commas. */
  | { readonly kind: "repeated"; readonly doc: string; readonly value: string; readonly hidden?: boolean };

export type Flags = Readonly<Record<string, Flag>>;

type FlagValue<F extends Flag> = F extends { kind: "boolean" }
  ? boolean
  : F extends { kind: "number" }
    ? F extends { default: number }
      ? number
      : number | undefined
    : F extends { kind: "text" }
      ? F extends { default: string }
        ? string
        : string | undefined
      : readonly string[];

export type FlagValues<F extends Flags> = { readonly [K in keyof F]: FlagValue<F[K]> };

export type ParsedFlags<F extends Flags> =
  | { readonly values: FlagValues<F>; readonly positional: readonly string[]; readonly help: boolean }
  | { readonly error: string };

export function parseFlags<F extends Flags>(flags: F, argv: readonly string[]): ParsedFlags<F> {
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(flags)) values[name] = initialValue(flag);
  const positional: string[] = [];
  let help = false;

  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? "";
    if (argument === "--") {
      positional.push(...argv.slice(index + 1));
      break;
    }
    if (argument === "-" || !argument.startsWith("-")) {
      positional.push(argument);
      continue;
    }
    const { name, inline, malformed } = splitFlag(argument);
    if (malformed) return { error: `bad flag syntax: ${argument}` };
    if (name === "h" || name === "help") {
      help = true;
      continue;
    }
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (!flag) return { error: `flag provided but not defined: -${name}` };
    let text = inline;
    if (text === undefined && flag.kind === "boolean") text = "true";
    if (text === undefined) {
      index++;
      text = argv[index];
    }
    if (text === undefined) return { error: `flag needs an argument: -${name}` };
    const error = setFlag(values, name, flag, text);
    if (error) return { error };
  }
  return { values: values as FlagValues<F>, positional, help };
}

function initialValue(flag: Flag): unknown {
  if (flag.kind === "list" || flag.kind === "repeated") return [];
  if (flag.kind === "boolean") return flag.default ?? false;
  return flag.default;
}

function splitFlag(argument: string): { name: string; inline?: string; malformed?: boolean } {
  const body = argument.startsWith("--") ? argument.slice(2) : argument.slice(1);
  if (body === "" || body.startsWith("-") || body.startsWith("=")) return { name: body, malformed: true };
  const equals = body.indexOf("=");
  return equals < 0 ? { name: body } : { name: body.slice(0, equals), inline: body.slice(equals + 1) };
}

/** Sets the value, or says what is wrong with it as Go's `flag` does. */
function setFlag(values: Record<string, unknown>, name: string, flag: Flag, text: string): string | undefined {
  switch (flag.kind) {
    case "boolean": {
      const value = booleanOf(text);
      if (value === undefined) return `invalid boolean value "${text}" for -${name}: parse error`;
      values[name] = value;
      return undefined;
    }
    case "number":
      if (!/^[+-]?\d+$/.test(text)) return `invalid value "${text}" for flag -${name}: parse error`;
      values[name] = Number(text);
      return undefined;
    case "text":
      if (flag.oneOf && !flag.oneOf.includes(text)) {
        return `invalid value "${text}" for flag -${name}: expected one of [${flag.oneOf.map((one) => `"${one}"`).join(" ")}]`;
      }
      values[name] = text;
      return undefined;
    case "list":
      (values[name] as string[]).push(...splitAtCommas(text));
      return undefined;
    case "repeated":
      (values[name] as string[]).push(text);
      return undefined;
  }
}

function booleanOf(text: string): boolean | undefined {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  return undefined;
}

/**
 * The commas in `{a,b}` belong to a glob. What is empty stays: `-only=$NAMES` with nothing in NAMES must not mean that
 * everything is built.
 */
function splitAtCommas(text: string): string[] {
  return text.split(/,(?![^{}]*\})/);
}
