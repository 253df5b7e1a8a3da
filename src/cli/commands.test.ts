import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { usageOf } from "./arguments/usage.ts";
import { commands, programHelp } from "./commands.ts";

const DOCS = readFileSync(resolve(import.meta.dirname, "../../docs/commands.md"), "utf8");

test.each(Object.keys(commands))("%s has its own name, is documented, and its help fits a terminal", async (name) => {
  const command = await commands[name]?.load();

  expect(command?.name).toBe(name);
  expect(DOCS).toMatch(new RegExp(`\`${name}[ \`]`));
  // What stands for operands and values is never broken.
  const lines = command ? usageOf(command).split("\n").slice(1) : [];
  expect(lines.filter((line) => line.length > 80 && !line.startsWith("  -"))).toEqual([]);
});

test("the help of the program lists every command on a line of its own", () => {
  const rows = programHelp().split("\n").slice(3, -1);

  expect(rows.map((row) => row.trim().split(" ")[0])).toEqual(Object.keys(commands));
  expect(rows.filter((row) => row.length > 80)).toEqual([]);
});
