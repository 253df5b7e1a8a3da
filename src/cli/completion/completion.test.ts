import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../commands.ts";
import { bashCompletion } from "./bash-completion.ts";
import { completionModel } from "./completion-model.ts";
import { fishCompletion } from "./fish-completion.ts";
import { zshCompletion } from "./zsh-completion.ts";

const model = await completionModel();
const BIN = resolve(import.meta.dirname, "../../../bin");

test("every command and every flag that help shows is completed", async () => {
  for (const [name, { load }] of Object.entries(commands)) {
    const { flags } = await load();
    const completed = model.commands.find((command) => command.name === name)?.flags.map((flag) => flag.name);
    const shown = Object.entries(flags).filter(([, flag]) => !flag.hidden);
    expect(completed).toEqual([
      ...shown.map(([flag, of]) => (of.kind === "boolean" && of.default ? `${flag}=false` : flag)),
      "help",
    ]);
  }
});

describe.skipIf(isMissing("bash"))(`bash${isMissing("bash") ? " (skipped: no bash here)" : ""}`, () => {
  test.each<[typed: readonly string[], replies: readonly string[]]>([
    [["va"], ["validate"]],
    [
      ["build", "-on"],
      ["-on-error=", "-only="],
    ],
    [["fmt", "-wr"], ["-write=false"]],
    // Readline has split these at "=".
    [
      ["build", "-on-error", "=", "a"],
      ["abort", "ask"],
    ],
    [
      ["build", "-on-error", "="],
      ["abort", "ask", "cleanup", "run-cleanup-provisioner"],
    ],
    [["build", "-on-error=cl"], ["-on-error=cleanup"]],
    [["build", "-on-error", "cl"], ["cleanup"]],
    [["build", "--on-error=cl"], ["--on-error=cleanup"]],
    [
      ["build", ""],
      ["folder", "old.json", "web.pkr.hcl", "web.pkrvars.json"],
    ],
    [
      ["build", "-var-file", "=", "w"],
      ["web.pkrvars.hcl", "web.pkrvars.json"],
    ],
    [
      ["fmt", "web"],
      ["web.pkr.hcl", "web.pkrvars.hcl"],
    ],
    [["help", "va"], ["validate"]],
    [
      ["completion", ""],
      ["bash", "fish", "zsh"],
    ],
    [["graph", "-format", "=", "m"], ["mermaid"]],
    [["nothing", "-"], []],
  ])("%j", (typed, replies) => {
    using folder = folderWithFiles();

    expect(bashReplies(typed, folder.path)).toEqual(replies);
  });

  test("the builds of the template on the line, and nothing in a name is run", () => {
    using folder = folderWithFiles();

    expect(bashReplies(["build", "web.pkr.hcl", "-only", "=", "web.n"], folder.path)).toEqual([
      "web.null.\\$\\(touch\\ pwned\\)",
      "web.null.a",
      "web.null.b",
    ]);
    expect(bashReplies(["build", "folder/", "-only", ""], folder.path)).toEqual([]);
    expect(bashReplies(["build", "old.json", "-except=o"], folder.path)).toEqual(["-except=one"]);
    expect(() => execFileSync("test", ["-e", join(folder.path, "pwned")])).toThrow();
  });
});

test.skipIf(isMissing("zsh"))(`zsh can read its script${isMissing("zsh") ? " (skipped: no zsh here)" : ""}`, () => {
  expect(() => execFileSync("zsh", ["-n"], { input: zshCompletion(model) })).not.toThrow();
});

test.skipIf(isMissing("fish"))(`fish can read its script${isMissing("fish") ? " (skipped: no fish here)" : ""}`, () => {
  expect(() => execFileSync("fish", ["--no-execute"], { input: fishCompletion(model) })).not.toThrow();
});

test("quotes in a text do not end the words of zsh and fish", () => {
  const odd = {
    commands: [
      {
        name: "odd",
        summary: "it's [odd]: really",
        flags: [{ name: "x", doc: "it's [a]: b", repeated: true, value: { kind: "builds" } as const }],
        operands: { kind: "files", suffixes: [".a", ".b"] } as const,
      },
    ],
  };

  expect(zshCompletion(odd)).toContain("'*-x=[it'\\''s \\[a\\]\\: b]:value:_ingot_builds'");
  expect(fishCompletion(odd)).toContain("-o x -d 'it\\'s [a]: b' -r -f -a '(__ingot_builds)'");
});

/** What bash offers where these words were typed, the last of them just now. */
function bashReplies(typed: readonly string[], cwd: string): string[] {
  const words = ["ingot", ...typed].map((word) => `'${word}'`).join(" ");
  const script = `${bashCompletion(model)}
COMP_WORDS=(${words})
COMP_CWORD=${typed.length}
_ingot
for reply in "\${COMPREPLY[@]}"; do printf '%s\\n' "$reply"; done`;
  const path = `${BIN}${delimiter}${process.env.PATH}`;
  const { stdout, stderr } = spawnSync("bash", ["--norc"], {
    input: script,
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH: path },
  });
  if (stderr !== "") throw new Error(stderr);
  return stdout.split("\n").slice(0, -1);
}

function folderWithFiles() {
  const path = mkdtempSync(join(tmpdir(), "ingot-completion-"));
  mkdirSync(join(path, "folder"));
  const source = (name: string) => `source "null" "${name}" {\n  communicator = "none"\n}\n`;
  writeFileSync(
    join(path, "web.pkr.hcl"),
    `${source("a")}${source("b")}build {
      name    = "web"
      sources = ["null.a", "null.b"]
      source "null.a" {
        name = "$(touch pwned)"
      }
    }\n`,
  );
  writeFileSync(join(path, "old.json"), '{"builders": [{"type": "null", "name": "one", "communicator": "none"}]}');
  for (const name of ["web.pkrvars.hcl", "notes.txt"]) writeFileSync(join(path, name), "");
  writeFileSync(join(path, "web.pkrvars.json"), "{}");
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

function isMissing(shell: string): boolean {
  return spawnSync(shell, ["--version"]).error !== undefined;
}
