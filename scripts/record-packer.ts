// Records what the real Packers make of our cases (test/differential). Each version needs its program: 1.6.6 on the
// PATH, 1.9.4 where ~/.cache/ingot-test/packer-1.9.4/packer is one. --check compares with what is recorded instead; a name or
// part of one limits it to those cases, whose recordings are replaced among the others.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { findPacker } from "../test/differential/find-packer.ts";
import { readCases, VERSIONS } from "../test/differential/read-cases.ts";
import { type Outcome, runCase } from "../test/differential/run-case.ts";

const checking = process.argv.includes("--check");
const wanted = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";

for (const version of VERSIONS) {
  const program = findPacker(version);
  if (program === undefined) {
    console.log(`${version}: not on this machine, left as it is`);
    continue;
  }
  const path = resolve(import.meta.dirname, `../test/differential/recorded/${version}.json`);
  const old: Record<string, Outcome[]> = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const recorded: Record<string, Outcome[]> = {};
  for (const each of readCases().filter(({ versions }) => versions.includes(version))) {
    const known = old[each.name];
    recorded[each.name] = known && !each.name.includes(wanted) ? known : await runCase(each, program);
    if (checking && JSON.stringify(known) !== JSON.stringify(recorded[each.name])) {
      console.error(`${version} ${each.name}: is not what is recorded`);
      process.exitCode = 1;
    }
  }
  if (checking) continue;
  const lines = Object.entries(recorded).map(
    ([name, outcomes]) => `${JSON.stringify(name)}: ${JSON.stringify(outcomes)}`,
  );
  writeFileSync(path, `{\n${lines.join(",\n")}\n}\n`);
  console.log(`${version}: ${lines.length} cases recorded`);
}
