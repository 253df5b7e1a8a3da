import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** What stands in the codes that are put together. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  "duplicate-${kind}": ["source", "data"],
  "unknown-${wanted.kind}-type": ["source", "provisioner", "error-cleanup-provisioner", "post-processor", "data"],
  "unterminated-${what}": ["tuple", "object"],
  "newline-missing-after-${what}": ["argument", "block"],
};

test("every code of a diagnostic has its row in docs/diagnostics.md, and every row its code", () => {
  const document = readFileSync(join(root, "docs/diagnostics.md"), "utf8");
  const rows = Array.from(document.matchAll(/^\| `([^`]+)` \|/gm), ([, code = ""]) => code);
  expect(rows.filter((code, index) => rows.indexOf(code) < index)).toEqual([]);
  expect(codesInSources()).toEqual([...rows].sort());
});

function codesInSources(): string[] {
  const files = globSync("src/**/*.ts", { cwd: root }).filter((file) => !/\.test\.ts$|\/test(data|ing)\//.test(file));
  const codes = files.flatMap((file) => codesIn(readFileSync(join(root, file), "utf8")));
  return [...new Set(codes)].sort();
}

/** Literals behind `code:`, of both branches where there is a choice; and those that stand before a title. */
function codesIn(text: string): string[] {
  const expressions = [
    ...text.matchAll(/\bcode(?::| =) ((?:[^"`,;\n]+ \? )?(?:"[^"]+"|`[^`]+`)(?: : (?:"[^"]+"|`[^`]+`))?)/g),
    ...text.matchAll(/\bfail\([^;]*?("[a-z]+(?:-[a-z]+)+"),\s*"[A-Z]/g),
  ];
  return expressions.flatMap(([, expression = ""]) =>
    Array.from(expression.matchAll(/"([^"]+)"|`([^`]+)`/g)).flatMap(([, plain, composed]) => {
      if (plain !== undefined) return [plain];
      const parts = PARTS[composed ?? ""];
      if (!parts) throw new Error(`say in PARTS what ${composed} can become`);
      return parts.map((part) => (composed ?? "").replace(/\$\{[^}]+\}/, part));
    }),
  );
}
