// `docs/reference`: the options of every component, written from what the components declare.
// --check changes nothing and fails where a page would differ.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { catalogue } from "../src/catalogue.ts";
import { typeText } from "../src/hcl/values/type-text.ts";
import type { Component } from "../src/sdk/component.ts";
import { describeFields } from "../src/spec/describe-fields.ts";

const folder = resolve(import.meta.dirname, "../docs/reference");

const NOTE = "<!-- Written by scripts/reference.ts from what the components declare: change it there. -->\n";

const KINDS = [
  ["builders", "Builders", "builder", catalogue.builders],
  ["provisioners", "Provisioners", "provisioner", catalogue.provisioners],
  ["post-processors", "Post-processors", "post-processor", catalogue.postProcessors],
  ["data-sources", "Data sources", "data source", catalogue.dataSources],
] as const;

const pages = await makePages();
const written = await readPages();
const stale = [...written.keys()].filter((path) => !pages.has(path));
const different = [...pages.keys()].filter((path) => written.get(path) !== pages.get(path));

if (process.argv.includes("--check")) {
  for (const path of [...different, ...stale].sort()) console.error(`docs/reference/${path} is out of date`);
  if (different.length + stale.length > 0) {
    console.error("Run: bin/node scripts/reference.ts");
    process.exitCode = 1;
  }
} else {
  for (const path of stale) await rm(join(folder, path));
  for (const path of different) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), pages.get(path) ?? "");
  }
  console.log(`${pages.size} pages, ${different.length} written, ${stale.length} removed`);
}

async function makePages(): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  const index: string[] = [];
  for (const [kind, heading, word, loaders] of KINDS) {
    const components = await Promise.all(Object.values(loaders).map((load) => load()));
    components.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const component of components) made.set(`${kind}/${component.name}.md`, page(component, word));
    const entries = components.map(({ name, doc }) => `- [\`${name}\`](${kind}/${name}.md): ${doc}\n`);
    if (entries.length > 0) index.push(`\n## ${heading}\n\n${entries.join("")}`);
  }
  made.set("README.md", `# Components\n\n${NOTE}${index.join("")}`);
  return made;
}

function page(component: Component, word: string): string {
  const options = describeFields(component.fields);
  return [
    `# \`${component.name}\` ${word}\n\n${NOTE}\n${component.doc}\n`,
    `\n## Options\n\n${options === "" ? "None.\n" : options}`,
    component.kind === "builder" ? generated(component.generates) : "",
    component.kind === "data-source" ? `\n## Result\n\n\`${typeText(component.output)}\`\n` : "",
  ].join("");
}

function generated(names: readonly string[]): string {
  if (names.length === 0) return "";
  const list = names.map((name) => `- \`build.${name}\`\n`).join("");
  return `\n## Values for provisioners and post-processors\n\nBeside those that every builder gives:\n\n${list}`;
}

/** Of all pages that are there, by path relative to the folder. */
async function readPages(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith(".md")) continue;
    const path = join(entry.parentPath, entry.name);
    found.set(path.slice(folder.length + 1).replaceAll("\\", "/"), await readFile(path, "utf8"));
  }
  return found;
}
