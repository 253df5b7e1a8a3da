import { randomBytes } from "node:crypto";
import { formatGoTime, RFC3339 } from "./go-time.ts";
import type { GoValue } from "./go-value.ts";
import { formatStrftime } from "./strftime.ts";
import { NotYetKnown } from "./template-fault.ts";
import type { GoType, TemplateFunction, TemplateFunctions } from "./template-function.ts";

/** What the functions of option templates know of the run. What is absent makes the function that needs it a fault. */
export interface TemplateWorld {
  /** When the run started: every `timestamp` and `isotime` of a run is the same. */
  readonly startTime: Date;
  readonly packerVersion: string;
  /** Absolute. */
  readonly cwd: string;
  /** Absolute. */
  readonly templateFolder?: string;
  readonly buildName?: string;
  readonly buildType?: string;
  /** Legacy JSON templates only: `{{user …}}`. */
  readonly userVariables?: Readonly<Record<string, string>>;
  /** `{{env …}}`: only while the variables of a legacy template are read. Then an unset user variable is a fault, too. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `{{build …}}`: only in provisioners and post-processors. `values` come when the build runs. */
  readonly build?: { readonly names: ReadonlySet<string>; readonly values?: Readonly<Record<string, string>> };
  /** Added to these, and in place of them: what a component registers, what reads secret stores. */
  readonly functions?: TemplateFunctions;
}

/** The functions that Packer gives to the templates in options, beside those of Go. */
export function templateFunctions(world: TemplateWorld): TemplateFunctions {
  return new Map<string, TemplateFunction>([
    ["build", texts(1, ([name = ""]) => buildValue(world, name))],
    ["build_name", texts(0, () => available(world.buildName, "build_name"))],
    ["build_type", texts(0, () => available(world.buildType, "build_type"))],
    ["env", texts(1, ([name = ""]) => environmentValue(world, name))],
    ["isotime", { parameters: [], variadic: "string", call: (layouts) => isotime(world.startTime, layouts) }],
    ["lower", texts(1, ([text = ""]) => inCase(text, (letter) => letter.toLowerCase()))],
    ["packer_version", texts(0, () => world.packerVersion)],
    ["pwd", texts(0, () => world.cwd)],
    ["replace", of(["string", "string", "int", "string"], ([from, to, count, text]) => replace(from, to, count, text))],
    ["replace_all", texts(3, ([from = "", to = "", text = ""]) => replace(from, to, -1n, text))],
    ["sed", texts(2, () => refused("template function `sed` is deprecated use `replace` or `replace_all` instead."))],
    ["split", of(["string", "string", "int"], ([text, separator, index]) => split(text, separator, index))],
    ["strftime", texts(1, ([format = ""]) => formatStrftime(world.startTime, format))],
    ["template_dir", texts(0, () => available(world.templateFolder, "template path"))],
    ["timestamp", texts(0, () => String(Math.floor(world.startTime.getTime() / 1000)))],
    ["upper", texts(1, ([text = ""]) => inCase(text, (letter) => letter.toUpperCase()))],
    ["user", texts(1, ([name = ""]) => userVariable(world, name))],
    ["uuid", texts(0, () => timeOrderedUuid(Date.now()))],
    ["consul_key", texts(1, () => refused("consul_key is not allowed here"))],
    ["vault", texts(2, () => refused("Vault vars are only allowed in the variables section"))],
    ["aws_secretsmanager", { parameters: [], variadic: "string", call: () => refused(ONLY_IN_VARIABLES) }],
    ["aws_secretsmanager_raw", texts(1, () => refused(ONLY_IN_VARIABLES))],
    ...(world.functions ?? []),
  ]);
}

/** A UUID of Packer's kind: seconds since 1970, then chance; so later ones sort later. */
export function timeOrderedUuid(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000) % 2 ** 32;
  const digits = seconds.toString(16).padStart(8, "0") + randomBytes(12).toString("hex");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const ONLY_IN_VARIABLES = "AWS Secrets Manager is only allowed in the variables section";

/** A function of that many texts. */
function texts(count: number, call: (args: readonly string[]) => string): TemplateFunction {
  return { parameters: Array(count).fill("string"), call: (args) => call(args.map(String)) };
}

function of(parameters: readonly GoType[], call: TemplateFunction["call"]): TemplateFunction {
  return { parameters, call };
}

function refused(why: string): never {
  throw new Error(why);
}

function available(text: string | undefined, name: string): string {
  return text === undefined || text === "" ? refused(`${name} not available`) : text;
}

function buildValue({ build }: TemplateWorld, name: string): string {
  if (build === undefined) {
    return refused(`Error validating build variable: the given variable ${name} will not be passed into your plugin.`);
  }
  const value = build.values && Object.hasOwn(build.values, name) ? build.values[name] : undefined;
  if (value !== undefined) return value;
  if (build.values === undefined && build.names.has(name)) throw new NotYetKnown();
  return refused(`loaded data, but couldnt find ${name} in it.`);
}

function environmentValue({ environment }: TemplateWorld, name: string): string {
  return environment === undefined ? refused("env vars are not allowed here") : (environment[name] ?? "");
}

function userVariable({ userVariables, environment }: TemplateWorld, name: string): string {
  // The word is Packer's whole message for HCL templates; ours says what to do.
  if (userVariables === undefined) return refused(`user variables are var.${name} in HCL templates`);
  const value = Object.hasOwn(userVariables, name) ? userVariables[name] : undefined;
  return value ?? (environment === undefined ? "" : refused(`Error: variable not set: ${name}`));
}

function isotime(start: Date, layouts: readonly GoValue[]): string {
  if (layouts.length > 1) refused(`too many values, 1 needed: [${layouts.join(" ")}]`);
  return formatGoTime(start, String(layouts[0] ?? RFC3339));
}

/** Letter by letter, as Go does: "ß" has no upper case of one letter, and stays. */
function inCase(text: string, change: (letter: string) => string): string {
  return Array.from(text, (letter) => {
    const changed = change(letter);
    return [...changed].length === 1 ? changed : letter;
  }).join("");
}

/** The first `count` occurrences; a negative count means all. An empty `from` stands before each character and at the end. */
function replace(from: GoValue, to: GoValue, count: GoValue, text: GoValue): string {
  const [old, replacement, whole] = [String(from), String(to), String(text)];
  const most = Number(count) < 0 ? Number.POSITIVE_INFINITY : Number(count);
  const parts = old === "" ? ["", ...whole, ""] : whole.split(old);
  const replaced = Math.min(most, parts.length - 1);
  // Where `old` is empty, the parts after the last replacement follow each other as they are.
  return (
    parts.slice(0, replaced + 1).join(replacement) +
    (replaced + 1 < parts.length ? old : "") +
    parts.slice(replaced + 1).join(old)
  );
}

function split(text: GoValue, separator: GoValue, index: GoValue): string {
  const parts = separator === "" ? [...String(text)] : String(text).split(String(separator));
  return (
    parts[Number(index)] ??
    refused(
      `the substring ${index} was unavailable using the separator value, ${separator}, only ${parts.length} values were found`,
    )
  );
}
