import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import { loadPureFunctions } from "../../hcl/functions/load-pure-functions.ts";
import { objectOf, STRING } from "../../hcl/values/type.ts";
import {
  NULL,
  numberValue,
  objectValue,
  sensitive,
  stringValue,
  TRUE,
  tupleValue,
  UNKNOWN_VALUE,
  unknownOf,
} from "../../hcl/values/value.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { completionsOf } from "./completions.ts";
import { evaluateLine } from "./evaluate-line.ts";
import { openHistory } from "./history.ts";
import { talk } from "./talk.ts";
import { valueJson } from "./value-json.ts";

const scope: Scope = {
  variables: new Map([
    [
      "var",
      objectValue({ image: stringValue("i"), images: objectValue({ base: stringValue("b") }), size: numberValue(2) }),
    ],
    ["data", objectValue({ file: objectValue({ key: unknownOf(objectOf({ path: STRING })) }) })],
  ]),
  functions: await loadPureFunctions(["upper"]),
};

describe("completion", () => {
  test.each<[string, string[], string]>([
    ["va", ["values(", "var", "variables"], "va"],
    ["1 + va", ["values(", "var"], "va"],
    ["upper(var.im", ["var.image", "var.images"], "var.im"],
    ["var.images.", ["var.images.base"], "var.images."],
    ["var.nothing.", [], "var.nothing."],
    // Only the type of what was not read is known.
    ["data.file.key.", ["data.file.key.path"], "data.file.key."],
    ["ex", ["exit"], "ex"],
  ])("of %j", (line, candidates, piece) => {
    expect(completionsOf(line, scope)).toEqual([candidates, piece]);
  });
});

test("a value as JSON keeps every digit and shows neither secrets nor what is unknown", () => {
  const value = tupleValue([
    numberValue("123456789012345678901234567890.5"),
    objectValue({ b: sensitive(stringValue("s3cret")), a: UNKNOWN_VALUE }),
    sensitive(objectValue({ a: TRUE })),
    NULL,
    TRUE,
    stringValue('"\n'),
  ]);

  expect(valueJson(value)).toBe(
    '[123456789012345678901234567890.5,{"a":"<unknown>","b":"<sensitive>"},"<sensitive>",null,true,"\\"\\n"]',
  );
});

test("a line of the old template language is rendered only where that is taken", () => {
  const render = (text: string) => ({ text: text.toUpperCase() });

  expect(evaluateLine("{{x}}", { scope, render }).value).toEqual(stringValue("{{X}}"));
  expect(evaluateLine("{{x}}", { scope }).diagnostics.hasErrors).toBe(true);
  expect(evaluateLine("{{x}}", { scope, render: () => ({ error: "no x" }) }).diagnostics.all).toEqual([
    expect.objectContaining({ summary: "Error in template", detail: expect.stringContaining("no x") }),
  ]);
});

describe("history", () => {
  test("comes back newest first, without secrets and repeats, for no other user's eyes", async () => {
    using folder = temporaryFolder();
    const host = localHost({ cwd: folder.path });
    const first = await openHistory(host, folder.path, (line) => line.includes("s3cret"));
    for (const line of ["one", "one", " ", 'x == "s3cret"', "two"]) first.add(line);
    await first.save();
    const second = await openHistory(host, folder.path, () => false);
    second.add("two");
    second.add("three");
    await second.save();

    expect((await openHistory(host, folder.path, () => false)).lines).toEqual(["three", "two", "one"]);
    expect(statSync(join(folder.path, "console-history")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder.path, "console-history"), "utf8")).not.toContain("s3cret");
  });

  test("two consoles at once keep the lines of both", async () => {
    using folder = temporaryFolder();
    const host = localHost({ cwd: folder.path });
    const [one, two] = [
      await openHistory(host, folder.path, () => false),
      await openHistory(host, folder.path, () => false),
    ];
    one.add("of one");
    two.add("of two");
    await one.save();
    await two.save();

    expect((await openHistory(host, folder.path, () => false)).lines).toEqual(["of two", "of one"]);
  });

  test("that cannot be written is no fault", async () => {
    using folder = temporaryFolder();
    const host = localHost({ cwd: folder.path });
    writeFileSync(join(folder.path, "file"), "");
    const history = await openHistory(host, join(folder.path, "file"), () => false);
    history.add("one");

    await expect(history.save()).resolves.toBeUndefined();
  });
});

describe("at a terminal", () => {
  test("lines are entered until exit, and the rest is not read", async () => {
    const input = new PassThrough();
    const entered: string[] = [];
    const saved: string[] = [];
    const talking = talk(
      { input, output: new PassThrough() },
      historyInto(saved),
      () => [[], ""],
      (line) => {
        entered.push(line);
        return line === "exit" ? "exit" : "done";
      },
    );
    input.write("1 + 1\rexit\rnever\r");
    await talking;

    expect(entered).toEqual(["1 + 1", "exit"]);
    expect(saved).toEqual(["1 + 1", "exit", "saved"]);
  });

  test("Control-C gives up a line that was begun, and ends the console on an empty one", async () => {
    const input = new PassThrough();
    const entered: string[] = [];
    const talking = talk(
      { input, output: new PassThrough() },
      historyInto([]),
      () => [[], ""],
      (line) => {
        entered.push(line);
        return "done";
      },
    );
    for (const keys of ["abc", "\u0003", "ok\r", "\u0003"]) {
      input.write(keys);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await talking;

    expect(entered).toEqual(["ok"]);
  });
});

function historyInto(lines: string[]) {
  return { lines: [], add: (line: string) => void lines.push(line), save: async () => void lines.push("saved") };
}

function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), "ingot-console-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
