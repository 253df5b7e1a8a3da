// `npm run check`: everything that must hold before a commit, without the slow end-to-end tests.
// --no-tests leaves the unit tests to a caller that runs them anyway.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const bin = (name: string) => resolve(root, "node_modules/.bin", name);
const node = process.execPath;

const checks: [title: string, command: string, args: string[]][] = [
  ["types", bin("tsc"), ["--noEmit"]],
  ["lint and format", bin("biome"), ["check", "--error-on-warnings", "."]],
  ["unused code", bin("knip"), []],
  ["reference", node, ["scripts/reference.ts", "--check"]],
];
if (!process.argv.includes("--no-tests")) {
  checks.push([
    "rooms and unit tests",
    node,
    ["node_modules/vitest/vitest.mjs", "run", "--project", "unit", "--reporter=./test/count-reporter.ts"],
  ]);
}

let failed = 0;
for (const [title, command, args] of checks) {
  const started = performance.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${title} (${seconds} s)`);
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
