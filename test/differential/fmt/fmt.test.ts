import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Diagnostics } from "../../../src/hcl/source/diagnostic.ts";
import { lex } from "../../../src/hcl/syntax/lexer/lex.ts";
import { findPacker } from "../find-packer.ts";

const packer = findPacker("1.6.6");
const INGOT = resolve(import.meta.dirname, "../../../bin/ingot");
const VARIANTS = 40;

// The corpus has no "!": 1.6.6 writes a blank behind it, and later versions do not.
test.skipIf(!packer)(
  `fmt writes what Packer writes, however the blanks were${packer ? "" : " (skipped: no Packer 1.6.6 here)"}`,
  () => {
    using bench = new FormatBench();
    const templates = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".pkr.hcl"));
    for (const name of templates) {
      const text = readFileSync(join(import.meta.dirname, name), "utf8");
      bench.put(name, text);
      for (const [index, variant] of variantsOf(text).entries()) bench.put(`v${index}-${name}`, variant);
    }

    const theirs = bench.run(packer ?? "packer", "theirs");
    const ours = bench.run(INGOT, "ours");

    expect(bench.names("ours")).toHaveLength(templates.length * (VARIANTS + 1));
    for (const name of bench.names("ours")) expect(bench.read("ours", name), name).toBe(bench.read("theirs", name));
    expect(ours).toEqual(theirs);
  },
);

/** The same text with other blanks where it has some, and other indentation; the same ones each time. */
function variantsOf(text: string): string[] {
  const tokens = lex({ name: "", text }, "code", new Diagnostics());
  const gaps = fc.array(fc.constantFrom(" ", "  ", "\t", "    "), {
    minLength: tokens.length,
    maxLength: tokens.length,
  });
  return fc.sample(gaps, { numRuns: VARIANTS, seed: 20 }).map((blanks) => {
    let behind = 0;
    let changed = "";
    for (const [index, { start, end }] of tokens.entries()) {
      changed += (start > behind ? (blanks[index] ?? " ") : "") + text.slice(start, end);
      behind = end;
    }
    return changed + text.slice(behind);
  });
}

/** Two folders with the same files, one for each program. */
class FormatBench implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "ingot-fmt-"));

  put(name: string, text: string): void {
    for (const side of ["ours", "theirs"]) {
      mkdirSync(join(this.root, side), { recursive: true });
      writeFileSync(join(this.root, side, name), text);
    }
  }

  names(side: string): string[] {
    return readdirSync(join(this.root, side));
  }

  read(side: string, name: string): string {
    return readFileSync(join(this.root, side, name), "utf8");
  }

  /** The names that it says it changed. */
  run(program: string, side: string): string[] {
    const environment = { ...process.env, CHECKPOINT_DISABLE: "1" };
    const output = execFileSync(program, ["fmt", "."], {
      cwd: join(this.root, side),
      env: environment,
      encoding: "utf8",
    });
    return output.split("\n").filter((line) => line !== "");
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
