import fc from "fast-check";
import { expect, test } from "vitest";
import { unixLines } from "./unix-lines.ts";

async function converted(...chunks: string[]): Promise<string> {
  const pieces = await Array.fromAsync(unixLines(chunks.map((chunk) => Buffer.from(chunk, "latin1"))));
  return Buffer.concat(pieces).toString("latin1");
}

test.each([
  ["", ""],
  ["\n", "\n"],
  ["a", "a\n"],
  ["a\r\nb", "a\nb\n"],
  ["a\rb\r\n", "a\rb\n"],
  ["a\r", "a\n"],
  ["a\r\r\n", "a\r\n"],
  ["a\n\r", "a\n\n"],
])("%j becomes %j", async (text, expected) => {
  expect(await converted(text)).toBe(expected);
});

test("where the chunks end makes no difference", async () => {
  const text = fc.string({ unit: fc.constantFrom("\r", "\n", "x"), maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(12)), async (whole, cuts) => {
      const sorted = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
      const chunks = sorted.slice(1).map((end, index) => whole.slice(sorted[index], end));
      expect(await converted(...chunks)).toBe(await converted(whole));
    }),
  );
});
