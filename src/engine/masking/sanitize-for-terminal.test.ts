import fc from "fast-check";
import { expect, test } from "vitest";
import { sanitizeForTerminal } from "./sanitize-for-terminal.ts";

test.each([
  ["colours", "\x1b[1;31mred\x1b[0m", "red"],
  ["a cleared screen", "\x1b[2J\x1b[Htext", "text"],
  ["a window title", "\x1b]0;title\x07text", "text"],
  ["a link, which is an OSC ended by ST", "\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\", "text"],
  ["a write to the clipboard", "\x1b]52;c;cm0gLXJm\x07text", "text"],
  ["a device control string", "\x1bPq#0\x1b\\text", "text"],
  ["a reset", "\x1bctext", "text"],
  ["a choice of character set", "\x1b(0text", "text"],
  ["introducers of one byte", "\x9b31mtext\x9d0;x\x9ctext", "texttext"],
  ["control characters", "be\x07ep\x08\x7f\x00", "beep"],
  ["marks that turn the direction of text", "a\u202eb\u2066c", "abc"],
])("%s are taken out", (_, text, shown) => {
  expect(sanitizeForTerminal(text)).toBe(shown);
});

test("text, tabs and newlines stay as they are", () => {
  const text = "plain\ttext\nwith ümläuts, 漢字, 🙂 and العربية";
  expect(sanitizeForTerminal(text)).toBe(text);
});

test("a sequence that is cut off keeps its text and loses its power", () => {
  expect(sanitizeForTerminal("a\x1b[31")).toBe("a31");
  expect(sanitizeForTerminal("a\x1b]0;no end")).toBe("a0;no end");
});

test("nothing that a terminal obeys is ever left", () => {
  const unit = fc.constantFrom(
    "\x1b",
    "[",
    "]",
    "P",
    "\\",
    "\x07",
    "\x9b",
    "\x9d",
    "\x9c",
    "3",
    ";",
    "m",
    "a",
    "\n",
    "\x00",
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
      expect(sanitizeForTerminal(text)).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    }),
  );
});
