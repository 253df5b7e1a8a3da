import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPureFunctions, pureFunctionNames } from "../../src/hcl/functions/load-pure-functions.ts";
import { Numeric } from "../../src/hcl/values/value.ts";
import { hashFunctions } from "../../src/template/functions/hashes.ts";
import { identifierFunctions } from "../../src/template/functions/identifiers.ts";
import { ourAnswer } from "./our-answer.ts";
import { type Recorded, readCorpus, readRecorded } from "./read-corpus.ts";
import { readScope } from "./read-scope.ts";

const ledger: { expressions: string; reason: string }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "ledger.json"), "utf8"),
);
const functions = new Map(await loadPureFunctions(pureFunctionNames));
for (const each of [...hashFunctions, ...identifierFunctions]) functions.set(each.name, each);
const scope = readScope(functions);
const unused = new Set(ledger);

test.each(readCorpus())(
  "what $name gives is what the reference gives, or is in the ledger",
  ({ name, expressions }) => {
    const recorded = readRecorded(name);
    expect(recorded.map(({ expression }) => expression)).toEqual(expressions);
    const differences: string[] = [];
    for (const reference of recorded) {
      const ours = ourAnswer(reference.expression, scope);
      if (agree(ours, reference)) continue;
      const accepted = ledger.find(({ expressions }) => new RegExp(expressions, "s").test(reference.expression));
      if (accepted) unused.delete(accepted);
      else differences.push(`${reference.expression}\n  reference: ${shown(reference)}\n  ours:      ${shown(ours)}`);
    }
    expect(differences.join("\n")).toBe("");
  },
);

test("no line of the ledger is stale", () => {
  expect([...unused]).toEqual([]);
});

function agree(ours: Recorded, reference: Recorded): boolean {
  if (reference.faults || ours.faults) return sameFaults(ours.faults ?? [], reference.faults ?? []);
  return rounded(ours.value) === rounded(reference.value) && plainType(ours) === plainType(reference);
}

/** Far behind the point the two bases of numbers part: 150 digits are enough to agree in. */
function rounded(text: string | undefined): string | undefined {
  return text?.replace(/\d+\.\d{100,}/g, (number) => new Numeric(number).toSignificantDigits(150).toFixed());
}

/** The reference does not write which attributes are optional, and writes no blanks. */
function plainType({ type }: Recorded): string | undefined {
  return type?.replace(/optional\(((?:[^()]|\([^()]*\))*)\)/g, "$1").replace(/\s/g, "");
}

type Faults = NonNullable<Recorded["faults"]>;

/**
 * Both must find a fault, and tell none that the other does not know, save what the reference tells in consequence of
 * the first; the first must touch the reference's place, or stand next to it. A bad argument may be told at its place instead of at the call.
 */
function sameFaults(ours: Faults, reference: Faults): boolean {
  const [first] = ours;
  const cause = reference[0];
  if (!first || !cause) return false;
  const titles = new Set(reference.map(({ title }) => title));
  if (titles.has("Error in function call")) titles.add("Invalid function argument");
  if (!ours.every(({ title }) => titles.has(title))) return false;
  return reference.some(({ start, end }) => first.start <= end + 1 && start - 1 <= first.end);
}

function shown({ value, type, faults }: Recorded): string {
  if (!faults) return `${value ?? ""} of type ${type}`;
  return faults.map(({ title, start, end }) => `${title} at ${start} to ${end}`).join(", ");
}
