import { posix } from "node:path";
import type { Diagnostic, Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { TemplateFiles } from "./find-template-files.ts";

const DUPLICATES: ReadonlySet<string> = new Set([
  "duplicate-variable",
  "duplicate-local",
  "duplicate-source",
  "duplicate-data",
]);

/**
 * Adds to the first of the duplicates in a folder of several templates what is going on: Packer reads all files of a
 * folder as one template, while people keep several in one folder and give one file.
 */
export function explainFolder(files: TemplateFiles, diagnostics: Diagnostics): void {
  if (files.form !== "folder" || files.templates.length < 2) return;
  const index = diagnostics.all.findIndex(({ code }) => DUPLICATES.has(code));
  const fault: Diagnostic | undefined = diagnostics.all[index];
  if (!fault) return;
  const names = files.templates.map(({ source }) => posix.basename(source.name));
  const detail = `${fault.detail} All files of the folder are read as one template: ${names.join(", ")}. If they are templates of their own, give the one to use instead of the folder, such as ${files.templates[0]?.source.name}.`;
  diagnostics.all[index] = { ...fault, detail };
}
