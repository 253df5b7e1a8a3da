import { type Diagnostic, Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Body } from "../../hcl/syntax/body.ts";
import type { Host } from "../../sdk/host.ts";
import { ROOT_SCHEMA } from "../structure/root-schema.ts";
import { JSON_SUFFIX, readSource, type TemplateFiles } from "./find-template-files.ts";
import { parseSource } from "./parse-source.ts";

/** Says more about names that are missing, where more is known than whoever found it missing could know. */
export type Explanation = (diagnostics: Diagnostics) => Promise<void>;

/** Faults that a name which is declared elsewhere causes. Their subject is the name, or a reference that ends with it. */
const MISSING_NAMES: ReadonlySet<string> = new Set(["unsupported-attribute", "missing-dependency", "unknown-source"]);

/** It is a function only where variables are declared, so that elsewhere a strange neighbour would be suggested. */
const ONLY_IN_DEFAULTS =
  'The environment is read only in the default of a variable: variable "home" { default = env("HOME") }, and used as var.home.';

/**
 * Explains missing names: what kind of thing is not declared; and, where one file of a folder was given, that another
 * file of the folder declares it: the whole folder was probably meant.
 */
export function explanationOfMissingNames(files: TemplateFiles, host: Host): Explanation {
  let declared: Promise<ReadonlyMap<string, string>> | undefined;
  return async (diagnostics) => {
    for (const [index, fault] of diagnostics.all.entries()) {
      if (isCallOfEnv(fault)) diagnostics.all[index] = { ...fault, detail: ONLY_IN_DEFAULTS };
    }
    if (!diagnostics.all.some(({ code }) => MISSING_NAMES.has(code))) return;
    declared ??= declaredNames(files.siblings.templates, host);
    const declaredIn = await declared;
    for (const [index, fault] of diagnostics.all.entries()) {
      const name = missingName(fault);
      if (name === undefined) continue;
      const file = declaredIn.get(name);
      const elsewhere =
        file === undefined
          ? ""
          : ` "${name}" is declared in ${file}, which was not read, because only ${files.path} was given. To read all files of the folder as one template, give the folder: ${files.root}`;
      diagnostics.all[index] = { ...fault, detail: `${ownDetail(fault, name)}${elsewhere}` };
    }
  };
}

function isCallOfEnv({ code, subject }: Diagnostic): boolean {
  return code === "unknown-function" && subject?.source.text.slice(subject.start, subject.end) === "env";
}

function missingName({ code, subject }: Diagnostic): string | undefined {
  if (!MISSING_NAMES.has(code) || !subject) return undefined;
  const text = subject.source.text.slice(subject.start, subject.end);
  return /([\p{ID_Start}_][\p{ID_Continue}-]*)\W*$/u.exec(text)?.[1];
}

/** An attribute that `var`, `local` or `data` does not have is something that is not declared. */
function ownDetail({ code, subject, detail }: Diagnostic, name: string): string {
  if (code !== "unsupported-attribute" || !subject) return detail;
  const path = /\b(var|local|data)\.(?:([\p{ID_Start}_][\p{ID_Continue}-]*)\.)?$/u.exec(
    subject.source.text.slice(Math.max(0, subject.start - LONGEST_PATH), subject.start),
  );
  const [, root, type] = path ?? [];
  const what = root === undefined ? undefined : whatIsMissing(root, type, name);
  if (what === undefined) return detail;
  const near = /Did you mean [^?]*\?/.exec(detail)?.[0];
  return `The template declares no ${what}.${near === undefined ? "" : ` ${near}`}`;
}

/** Looking back further than any name is long would only cost time. */
const LONGEST_PATH = 300;

function whatIsMissing(root: string, type: string | undefined, name: string): string | undefined {
  if (root === "data") return type === undefined ? `data source of type "${name}"` : `data source "${type}" "${name}"`;
  if (type !== undefined) return undefined;
  return `${root === "var" ? "variable" : "local"} "${name}"`;
}

/** By name of a variable, local, source or data source, the file that declares it. */
async function declaredNames(paths: readonly string[], host: Host): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const path of paths) {
    const ignored = new Diagnostics();
    const source = await readSource(host, path, "template", ignored);
    if (!source) continue;
    const syntax = path.endsWith(JSON_SUFFIX) ? "json" : "native";
    for (const name of namesIn(await parseSource(source, syntax, ignored))) {
      if (!names.has(name)) names.set(name, path);
    }
  }
  return names;
}

function* namesIn(body: Body): Generator<string> {
  const ignored = new Diagnostics();
  for (const block of body.partialContent(ROOT_SCHEMA, ignored).content.blocks) {
    const label = block.labels.at(-1);
    if (label) yield label.text;
    if (block.type === "locals" || block.type === "variables") yield* block.body.attributes(ignored).keys();
  }
}
