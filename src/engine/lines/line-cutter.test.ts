import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MASK, openMasker } from "../masking/masker.ts";
import { type LineCutterOptions, lineCutter } from "./line-cutter.ts";

describe("output becomes lines", () => {
  test.each<[string, (string | Uint8Array)[], string[]]>([
    ["at newlines", ["one\ntwo\n"], ["one", "two"]],
    ["across chunks", ["on", "e\ntw", "o", "\n"], ["one", "two"]],
    ["with the last unfinished", ["one\ntwo"], ["one", "two"]],
    ["with empty ones", ["\n\none\n"], ["", "", "one"]],
    ["without the CR of CRLF", ["one\r\ntwo\r\r\n"], ["one", "two"]],
    ["where a chunk ends within CRLF", ["one\r", "\ntwo\r", "\n"], ["one", "two"]],
    ["without what a progress bar overwrote", ["10%\r20%\r", "100%\ndone\n"], ["100%", "done"]],
    ["without a progress bar that was left standing", ["10%\r20%\r"], ["20%"]],
    ["without escape sequences", ["\x1b[32mok\x1b[0m\n"], ["ok"]],
    ["where a chunk ends within a sequence", ["\x1b[3", "2mok\n"], ["ok"]],
    [
      "where a chunk ends within a character",
      [Buffer.from("ü🙂").subarray(0, 3), Buffer.from("ü🙂").subarray(3)],
      ["ü🙂"],
    ],
    ["with bytes that are no UTF-8", [Buffer.from([0x61, 0xff, 0x62, 0x0a])], ["a\ufffdb"]],
    ["not at all from nothing", ["", ""], []],
  ])("%s", (_, chunks, lines) => {
    expect(cut(chunks)).toEqual(lines);
  });

  test("however the bytes are cut", () => {
    const unit = fc.constantFrom("a", "ü", "🙂", "\n", "\r", "\r\n", "\x1b[1m");
    fc.assert(
      fc.property(fc.string({ unit }), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (text, sizes) => {
        const bytes = Buffer.from(text);
        const chunks: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(cut(chunks)).toEqual(cut([bytes]));
      }),
    );
  });
});

describe("a line that is too long", () => {
  test("comes in parts, and nothing of it is lost", () => {
    const text = "0123456789🙂".repeat(100);
    const lines = cut([`${text}\nnext\n`], { longest: 64 });
    expect(lines.slice(0, -1).join("")).toBe(text);
    expect(lines.at(-1)).toBe("next");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(64);
  });

  test("shows no secret that lies across a cut", () => {
    fc.assert(
      fc.property(fc.nat(200), (offset) => {
        const text = `${"x".repeat(offset)}correct horse battery${"y".repeat(100)}\n`;
        const lines = cut([text], { longest: 50, masker: openMasker(["correct horse battery"]) });
        expect(lines.join("")).toBe(`${"x".repeat(offset)}${MASK}${"y".repeat(100)}`);
      }),
    );
  });

  test("shows no escape sequence that lies across a cut", () => {
    for (let offset = 0; offset < 80; offset++) {
      expect(cut([`${"x".repeat(offset)}\x1b[31;1mred${"y".repeat(99)}\n`], { longest: 50 }).join("")).not.toContain(
        "[31",
      );
    }
  });
});

test("a secret with a colour in its midst is masked all the same", () => {
  expect(cut(["hun\x1b[31mter2\n"], { masker: openMasker(["hunter2"]) })).toEqual([MASK]);
});

function cut(chunks: readonly (string | Uint8Array)[], options: LineCutterOptions = {}): string[] {
  const lines: string[] = [];
  const cutter = lineCutter((line) => lines.push(line), options);
  for (const chunk of chunks) cutter.write(chunk);
  cutter.end();
  return lines;
}
