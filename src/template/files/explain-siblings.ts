import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Body } from "../../hcl/syntax/body.ts";
import type { Host } from "../../sdk/host.ts";
import { ROOT_SCHEMA } from "../structure/root-schema.ts";
import { JSON_SUFFIX, type TemplateFiles } from "./find-template-files.ts";
import { parseSource } from "./parse-source.ts";

/** Faults that a name which is declared elsewhere causes. Their subject is the name, or a reference that ends with it. */
const MISSING_NAMES: ReadonlySet<string> = new Set([
  "unsupported-attribute",
  "missing-dependency",
  "unknown-source",
  "undefined-var-argument",
]);

/**
 * Where one file of a folder was given and a name is missing that another file of the folder declares, says so in the
 * detail: the whole folder was probably meant.
 */
export async function explainSiblings(files: TemplateFiles, host: Host, diagnostics: Diagnostics): Promise<void> {
  const { templates } = files.siblings;
  if (templates.length === 0 || !diagnostics.all.some(({ code }) => MISSING_NAMES.has(code))) return;
  const declaredIn = await declaredNames(templates, host);
  for (const [index, fault] of diagnostics.all.entries()) {
    if (!MISSING_NAMES.has(fault.code) || !fault.subject) continue;
    const { source, start, end } = fault.subject;
    const name = /([\p{ID_Start}_][\p{ID_Continue}-]*)\W*$/u.exec(source.text.slice(start, end))?.[1];
    const file = name === undefined ? undefined : declaredIn.get(name);
    if (file === undefined) continue;
    const detail = `${fault.detail} "${name}" is declared in ${file}, which was not read, because only ${files.path} was given. To read all files of the folder as one template, give the folder: ${files.root}`;
    diagnostics.all[index] = { ...fault, detail };
  }
}

/** By name of a variable, local, source or data source, the file that declares it. */
async function declaredNames(paths: readonly string[], host: Host): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const path of paths) {
    const text = await host.files.readText(path).catch(() => undefined);
    if (text === undefined) continue;
    const syntax = path.endsWith(JSON_SUFFIX) ? "json" : "native";
    for (const name of namesIn(await parseSource({ name: path, text }, syntax, new Diagnostics()))) {
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
