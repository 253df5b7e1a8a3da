// Records what the reference implementation of the language makes of our corpus (test/oracle). Needs Go.
// --check compares with what is recorded instead.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Recorded, readCorpus, readRecorded, recordedPath } from "../test/oracle/read-corpus.ts";

const folder = resolve(import.meta.dirname, "../test/oracle");
const variables: unknown = JSON.parse(readFileSync(join(folder, "scope.json"), "utf8"));
const checking = process.argv.includes("--check");

for (const { name, expressions } of readCorpus()) {
  const answers = ask(expressions);
  if (!checking) {
    writeFileSync(recordedPath(name), `[\n${answers.map((answer) => JSON.stringify(answer)).join(",\n")}\n]\n`);
    console.log(`${name}: ${answers.length} recorded`);
  } else if (JSON.stringify(readRecorded(name)) !== JSON.stringify(answers)) {
    console.error(`${name}: the recording is not what the reference says today; run scripts/record-oracle.ts`);
    process.exitCode = 1;
  }
}

function ask(expressions: readonly string[]): Recorded[] {
  const { status, stdout, stderr } = spawnSync("go", ["run", "."], {
    cwd: folder,
    input: JSON.stringify({ variables, expressions }),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`the oracle did not answer: ${stderr}`);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
