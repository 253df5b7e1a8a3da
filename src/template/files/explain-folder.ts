import { posix } from "node:path";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { TemplateFiles } from "./find-template-files.ts";

const DUPLICATES: ReadonlySet<string> = new Set([
  "duplicate-variable",
  "duplicate-local",
  "duplicate-source",
  "duplicate-data",
  "duplicate-required-plugin",
]);

/** More duplicates than that are not slips. */
const SLIPS = 3;

/**
 * Adds to the first of the duplicates in a folder of several files what is going on: Packer reads all files of a folder
 * as one template, while people keep several in one folder and give one file. Where there are many, the first stands
 * for all.
 */
export function explainFolder(files: TemplateFiles, diagnostics: Diagnostics): void {
  if (files.form !== "folder" || files.templates.length < 2) return;
  const duplicates = diagnostics.all.filter(({ code }) => DUPLICATES.has(code));
  const [first, ...others] = duplicates;
  if (!first) return;
  const names = files.templates.map(({ source }) => posix.basename(source.name));
  const more = others.length > SLIPS ? ` There are ${others.length} more duplicates.` : "";
  const detail = `${first.detail}${more} All files of the folder are read as one template: ${names.join(", ")}. If they are templates of their own, give the one to use instead of the folder, such as ${files.templates[0]?.source.name}.`;
  const kept = more === "" ? diagnostics.all : diagnostics.all.filter((fault) => !others.includes(fault));
  diagnostics.all.splice(
    0,
    diagnostics.all.length,
    ...kept.map((fault) => (fault === first ? { ...fault, detail } : fault)),
  );
}
