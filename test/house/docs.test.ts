import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { INGOT_VERSION } from "../../src/cli/version.ts";
import { Diagnostics } from "../../src/hcl/source/diagnostic.ts";
import { parseFile } from "../../src/hcl/syntax/parse.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";
import { parseTemplate } from "../../src/template/parse-template.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "AGENTS.md", ...markdownIn("docs")];
const examples = readdirSync(join(ROOT, "examples"));

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(ROOT, page), "utf8");

  test("has no HCL that cannot be read", () => {
    const faults = fences(text, "hcl").flatMap((code, index) => {
      const diagnostics = new Diagnostics();
      parseFile({ name: `${page}, example ${index + 1}`, text: code }, diagnostics);
      return diagnostics.all.map(({ summary, subject }) => `${subject?.source.name}: ${summary}`);
    });

    expect(faults).toEqual([]);
  });

  test("names no command that does not exist", () => {
    const named = [...text.matchAll(/(?:`|^|\$ )ingot ([a-z][a-z0-9_-]*)/gm)].map(([, command = ""]) => command);

    expect(named.filter((command) => !Object.hasOwn(commands, command))).toEqual([]);
  });

  test("links to no file that is not there", () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) => link);
    const folder = resolve(ROOT, page, "..");

    expect(links.filter((link) => !exists(resolve(folder, link)))).toEqual([]);
  });
});

test.each(examples)("examples/%s can be read", async (example) => {
  const diagnostics = new Diagnostics();
  const variables = { vars: [], varFiles: [], warnOnUndeclared: true };

  await parseTemplate({ path: join(ROOT, "examples", example), host: localHost(), variables }, diagnostics);

  expect(diagnostics.all).toEqual([]);
});

test("the program and its package have one version", () => {
  expect(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version).toBe(INGOT_VERSION);
});

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file));
}

function fences(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, code = ""]) => code);
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EISDIR";
  }
}
