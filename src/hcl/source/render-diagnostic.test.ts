import { describe, expect, test } from "vitest";
import { parseFile } from "../syntax/parse.ts";
import { decodeSource } from "./decode-source.ts";
import { describeRange, showRange } from "./describe-range.ts";
import { type Diagnostic, Diagnostics } from "./diagnostic.ts";
import { diagnosticJson } from "./diagnostic-json.ts";
import { nearestName, suggestion } from "./nearest-name.ts";
import { renderDiagnostic } from "./render-diagnostic.ts";
import { rangeOf } from "./source.ts";

const source = {
  name: "a.pkr.hcl",
  text: 'source "docker" "base" {\n  image = "日本"\n\tname = oops\n  last = [\n    1,\n  ]\n}\n',
};
parseFile(source, new Diagnostics());

function at(text: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = source.text.indexOf(text);
  const subject = rangeOf(source, start, start + text.length);
  return { severity: "error", code: "test", summary: "Title", detail: "What to do.", subject, ...more };
}

describe("a diagnostic is shown", () => {
  test("as Packer shows it, with marks under the subject and the block around it", () => {
    const context = rangeOf(source, 0, 10);
    expect(renderDiagnostic(at("oops", { context, values: ["var.x is 5", "var.y is null"] }))).toBe(
      `Error: Title

  on a.pkr.hcl line 3, in source "docker" "base":
   1: source "docker" "base" {
      …
   3: \tname = oops
      \t       ^^^^

where var.x is 5,
      var.y is null.

What to do.

`,
    );
  });

  test("with marks as wide as the characters", () => {
    expect(renderDiagnostic(at('"日本"'))).toContain('   2:   image = "日本"\n                ^^^^^^\n');
  });

  test("with marks under each line of it", () => {
    expect(renderDiagnostic(at("[\n    1,\n  ]"))).toContain(
      "   4:   last = [\n               ^\n   5:     1,\n          ^^\n   6:   ]\n        ^\n",
    );
  });

  test("without a place where there is none, and wrapped at blanks", () => {
    const { subject: _, ...placeless } = at("1", { severity: "warning", detail: "aaa bbb ccc\n\nddd" });
    expect(renderDiagnostic(placeless, { width: 7, color: true })).toBe(
      "\u001b[33mWarning\u001b[0m: Title\n\naaa bbb\nccc\n\nddd\n\n",
    );
  });

  test("without what could steer a terminal", () => {
    const evil = { name: "\u001b[2Jx", text: "a = \u001b[31m \u009b\r\n" };
    const shown = renderDiagnostic({ ...at("1"), subject: rangeOf(evil, 0, 1), summary: "\u0007", values: ["\u001b"] });
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test("with the piece of an endless line that matters", () => {
    const long = { name: "x", text: `${"a".repeat(5000)}!${"b".repeat(5000)}` };
    const shown = renderDiagnostic({ ...at("1"), subject: rangeOf(long, 5000, 5001) });
    expect(Math.max(...shown.split("\n").map((line) => line.length))).toBeLessThan(260);
    const [line = "", marks = ""] = shown.split("\n").slice(3, 5);
    expect(line.indexOf("!")).toBe(marks.indexOf("^"));
  });

  test("to programs with line, column and byte", () => {
    expect(diagnosticJson(at("oops"))).toEqual({
      severity: "error",
      code: "test",
      summary: "Title",
      detail: "What to do.",
      range: { file: "a.pkr.hcl", start: { line: 3, column: 9, byte: 52 }, end: { line: 3, column: 13, byte: 56 } },
      block: 'source "docker" "base"',
      snippet: "\tname = oops",
    });
  });
});

test("columns count characters as people see them, bytes those of UTF-8", () => {
  const text = { name: "x", text: "e\u0301👩‍👩‍👧‍👦z\r\ny" };
  expect(describeRange(rangeOf(text, text.text.indexOf("z"), text.text.length))).toEqual({
    file: "x",
    start: { line: 1, column: 3, byte: 28 },
    end: { line: 2, column: 2, byte: 32 },
  });
  expect(showRange(rangeOf(text, 0, 2))).toBe("x:1,1-2");
});

test("a name is near that is less than three edits away and has something in common", () => {
  expect(nearestName("provisoner", ["post-processor", "provisioners", "provisioner"])).toBe("provisioner");
  expect(nearestName("b", ["zz"])).toBeUndefined();
  expect(nearestName("abc", ["xyz", "abcdef"])).toBeUndefined();
  expect(suggestion("imag", ["image"])).toBe(' Did you mean "image"?');
});

test("bytes that are not UTF-8 are reported where they begin", () => {
  const diagnostics = new Diagnostics();
  const bytes = new Uint8Array([0x61, 0xef, 0xbf, 0xbd, 0x0a, 0xff, 0x62]);
  expect(decodeSource("x", bytes, diagnostics).text).toBe("a\ufffd\n\ufffdb");
  expect(diagnostics.all.map(({ summary, subject }) => [summary, subject?.start])).toEqual([
    ["Invalid character encoding", 3],
  ]);
  expect(decodeSource("x", bytes.slice(0, 5), new Diagnostics()).text).toBe("a\ufffd\n");
});
