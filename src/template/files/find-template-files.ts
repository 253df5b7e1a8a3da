import { posix, win32 } from "node:path";
import { decodeSource } from "../../hcl/source/decode-source.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { suggestion } from "../../hcl/source/nearest-name.ts";
import type { Source } from "../../hcl/source/source.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";

/** What a path on the command line stands for. */
export interface TemplateFiles {
  /** As given. */
  readonly path: string;
  /** "folder": every template file in it. "file": that one. "stdin": what was piped in. */
  readonly form: "folder" | "file" | "stdin";
  readonly language: "hcl2" | "legacy-json";
  /** `path.root`: the template's folder as given on the command line, with `/`. */
  readonly root: string;
  /** The same, absolute. */
  readonly folder: string;
  /** In load order: native ones by name, then JSON ones by name. */
  readonly templates: readonly TemplateFile[];
  /** Variable files of the folder that load by themselves, in order. Empty for a single file: Packer loads none. */
  readonly autoVariableFiles: readonly string[];
  /** Where a single file was given: what else of its folder would have been read with the folder. */
  readonly siblings: { readonly templates: readonly string[]; readonly autoVariableFiles: readonly string[] };
}

export interface TemplateFile {
  readonly source: Source;
  readonly syntax: "native" | "json";
}

export interface TemplatePath {
  readonly path: string;
  readonly host: Host;
  /** `-config-type`, where it was given. */
  readonly configType?: "json" | "hcl2" | undefined;
  /** Reads all of standard input, for the path `-`. */
  readonly standardInput?: (() => Promise<string>) | undefined;
}

export const NATIVE_SUFFIX = ".pkr.hcl";
export const JSON_SUFFIX = ".pkr.json";
const AUTO_VARIABLES_NATIVE = ".auto.pkrvars.hcl";
const AUTO_VARIABLES_JSON = ".auto.pkrvars.json";

/** Finds and reads the template. undefined, with an error in `diagnostics`, where there is none. */
export async function findTemplateFiles(
  input: TemplatePath,
  diagnostics: Diagnostics,
): Promise<TemplateFiles | undefined> {
  if (input.path === "-" || input.path === "") return readStandardInput(input, diagnostics);
  const looking = input.host.files.stat(input.path);
  const stat = await orReported(looking, `Cannot read the template ${input.path}`, diagnostics);
  if (!stat) {
    if (!diagnostics.hasErrors) await reportMissing(input, diagnostics);
    return undefined;
  }
  return stat.kind === "folder" ? readFolder(input, diagnostics) : readFile(input, diagnostics);
}

async function readStandardInput(input: TemplatePath, diagnostics: Diagnostics): Promise<TemplateFiles | undefined> {
  if (!input.standardInput) {
    diagnostics.error({
      code: "no-standard-input",
      summary: "No template on standard input",
      detail: "The path - asks for a template on standard input, but nothing can be read from there.",
    });
    return undefined;
  }
  const text = await input.standardInput();
  const isJson = text.trimStart().startsWith("{");
  const language = isJson && input.configType !== "hcl2" ? "legacy-json" : "hcl2";
  return {
    path: input.path,
    form: "stdin",
    language,
    root: ".",
    folder: input.host.cwd,
    templates: [{ source: { name: "<stdin>", text }, syntax: isJson ? "json" : "native" }],
    autoVariableFiles: [],
    siblings: { templates: [], autoVariableFiles: [] },
  };
}

async function readFolder(input: TemplatePath, diagnostics: Diagnostics): Promise<TemplateFiles | undefined> {
  const listed = fileNames(input.host, input.path);
  const names = await orReported(listed, `Cannot read the folder ${input.path}`, diagnostics);
  if (!names) return undefined;
  const native = names.filter((name) => name.endsWith(NATIVE_SUFFIX));
  const json = names.filter((name) => name.endsWith(JSON_SUFFIX));
  if (native.length + json.length === 0) {
    diagnostics.error({
      code: "no-template-files",
      summary: `Could not find any config file in ${input.path}`,
      detail: `A template's file name ends with ${NATIVE_SUFFIX} or ${JSON_SUFFIX}, and this folder itself (folders in it are not searched) holds none.${otherTemplates(slashes(input.host, input.path), names)}`,
    });
    return undefined;
  }
  const templates: TemplateFile[] = [];
  for (const name of [...native, ...json]) {
    const template = await readTemplateFile(input.host, posix.join(slashes(input.host, input.path), name), diagnostics);
    if (template) templates.push(template);
  }
  return {
    path: input.path,
    form: "folder",
    language: "hcl2",
    root: slashes(input.host, input.path),
    folder: input.host.files.resolve(input.path),
    templates,
    autoVariableFiles: autoVariableFilesAmong(names).map((name) => posix.join(slashes(input.host, input.path), name)),
    siblings: { templates: [], autoVariableFiles: [] },
  };
}

async function readFile(input: TemplatePath, diagnostics: Diagnostics): Promise<TemplateFiles | undefined> {
  const template = await readTemplateFile(input.host, input.path, diagnostics);
  if (!template) return undefined;
  const isHcl2 = input.path.endsWith(NATIVE_SUFFIX) || input.path.endsWith(JSON_SUFFIX);
  const root = posix.normalize(posix.dirname(slashes(input.host, input.path)));
  // A folder that cannot be listed only takes away what could be said about the other files.
  const names = isHcl2 ? await fileNames(input.host, root).catch(() => []) : [];
  const own = posix.basename(slashes(input.host, input.path));
  const templates = names.filter((n) => n !== own && (n.endsWith(NATIVE_SUFFIX) || n.endsWith(JSON_SUFFIX)));
  return {
    path: input.path,
    form: "file",
    language: isHcl2 ? "hcl2" : "legacy-json",
    root,
    folder: input.host.files.resolve(root),
    templates: [template],
    autoVariableFiles: [],
    siblings: {
      templates: templates.map((name) => posix.join(root, name)),
      autoVariableFiles: autoVariableFilesAmong(names).map((name) => posix.join(root, name)),
    },
  };
}

async function readTemplateFile(host: Host, path: string, diagnostics: Diagnostics): Promise<TemplateFile | undefined> {
  const source = await readSource(host, path, "template", diagnostics);
  return source && { source, syntax: path.endsWith(JSON_SUFFIX) ? "json" : "native" };
}

/** The text of a file; undefined, with an error in `diagnostics`, where it cannot be read. */
export async function readSource(
  host: Host,
  path: string,
  what: string,
  diagnostics: Diagnostics,
): Promise<Source | undefined> {
  const bytes = await orReported(host.files.read(path), `Cannot read the ${what} ${path}`, diagnostics);
  return bytes && decodeSource(path, bytes, diagnostics);
}

/** What the system refuses is reported, and undefined. */
async function orReported<T>(promise: Promise<T>, summary: string, diagnostics: Diagnostics): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const detail = error.hint === undefined ? `${error.message}.` : `${error.message}. ${error.hint}`;
    diagnostics.error({ code: "unreadable-file", summary, detail });
    return undefined;
  }
}

async function reportMissing(input: TemplatePath, diagnostics: Diagnostics): Promise<void> {
  const folder = posix.dirname(slashes(input.host, input.path));
  const names = await fileNames(input.host, folder).catch(() => undefined);
  diagnostics.error({
    code: "template-not-found",
    summary: `Template not found: ${input.path}`,
    detail: names
      ? `There is no file or folder of this name in ${input.host.files.resolve(folder)}.${suggestion(posix.basename(slashes(input.host, input.path)), names)}`
      : `The folder ${input.host.files.resolve(folder)} does not exist.`,
  });
}

function otherTemplates(folder: string, names: readonly string[]): string {
  const json = names.filter((name) => name.endsWith(".json") && !name.endsWith(".pkrvars.json"));
  const first = json[0];
  if (first === undefined) return "";
  return ` Templates in the old JSON format are given by file name: try ${posix.join(folder, first)}.`;
}

/** Files (and links) of a folder, in the order of their bytes; folders are left out. */
async function fileNames(host: Host, folder: string): Promise<string[]> {
  const names = await host.files.list(folder);
  const wanted = names.filter((name) => /\.(hcl|json)$/.test(name));
  const kinds = await Promise.all(wanted.map((name) => host.files.stat(posix.join(slashes(host, folder), name))));
  return wanted.filter((_, index) => kinds[index] && kinds[index].kind !== "folder").sort();
}

function autoVariableFilesAmong(names: readonly string[]): string[] {
  const native = names.filter((name) => name.endsWith(AUTO_VARIABLES_NATIVE));
  return [...native, ...names.filter((name) => name.endsWith(AUTO_VARIABLES_JSON))];
}

/** `/` between the parts: the form of paths in templates on every system. */
function slashes(host: Host, path: string): string {
  return host.platform === "win32" ? path.replaceAll(win32.sep, posix.sep) : path;
}
