import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Diagnostics } from "../../source/diagnostic.ts";
import { lex } from "./lex.ts";

function tokensOf(text: string, start: "code" | "template" = "code") {
  return lex({ name: "test", text }, start, new Diagnostics());
}

function kindsOf(text: string): string {
  return tokensOf(text)
    .map(({ kind }) => kind)
    .join(" ");
}

/** Texts that are likely to be faulty in interesting places. */
const pieces = fc.constantFrom(
  ...['"', '"', "${", "${~", "%{", "%{ if a }", "}", "~}", "{", "(", ")", "[", "]", "<<EOT\n", "<<-EOT\n", "EOT\n"],
  ...[
    "a",
    "b = ",
    "1.5e",
    "...",
    "=>",
    "\\",
    '\\"',
    "$${",
    "\n",
    "\r\n",
    " ",
    "\t",
    "# c",
    "/*",
    "*/",
    "'",
    "é",
    "\ud800",
  ],
);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(pieces, { maxLength: 30 }).map((all) => all.join("")),
);

describe("lex", () => {
  test("the tokens and the blanks between them are the text", () => {
    fc.assert(
      fc.property(text, fc.constantFrom("code" as const, "template" as const), (sample, start) => {
        let at = 0;
        let joined = "";
        for (const token of tokensOf(sample, start)) {
          expect(sample.slice(at, token.start)).toMatch(/^\ufeff?[ \t]*$/);
          joined += sample.slice(at, token.end);
          at = token.end;
        }
        expect(joined).toBe(sample);
      }),
      { numRuns: 2000 },
    );
  });

  test("what opens a template is closed, whatever is missing in the text", () => {
    fc.assert(
      fc.property(text, (sample) => {
        const open: string[] = [];
        for (const { kind } of tokensOf(sample)) {
          if (kind === "open-quote" || kind === "open-heredoc") open.push(kind.replace("open", "close"));
          else if (kind === "open-interpolation" || kind === "open-directive") open.push("close-template");
          else if (kind.startsWith("close-")) expect(open.pop()).toBe(kind);
        }
        expect(open).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["1.5e-3", "number end"],
    ["1...", "number ... end"],
    ["1e", "number identifier end"],
    ["a-b_1", "identifier end"],
    ["größe", "identifier end"],
    ["a == b => c", "identifier == identifier => identifier end"],
    ["a::b", "identifier :: identifier end"],
    ["# c\n// d\r\n/* e\n */", "comment newline comment newline comment end"],
    ['"a$${b}$"', "open-quote quoted-text close-quote end"],
    ['"a${ {} }b"', "open-quote quoted-text open-interpolation { } close-template quoted-text close-quote end"],
    ['"${"x"}"', "open-quote open-interpolation open-quote quoted-text close-quote close-template close-quote end"],
    [
      "<<EOT\na\nb${c}\n  EOT\n",
      "open-heredoc text text open-interpolation identifier close-template text close-heredoc newline end",
    ],
    ["<<EOT\nEOT x\nEOT", "open-heredoc text close-heredoc end"],
    ["<<EOT", "< < identifier end"],
    ["\ufeffa", "identifier end"],
  ])("%j is %s", (sample, kinds) => {
    expect(kindsOf(sample)).toBe(kinds);
  });

  test("many unclosed interpolations on one line are read in no more than linear steps each", () => {
    const sample = '"${'.repeat(5000);
    expect(tokensOf(`${sample}\n${sample}\n`).at(-1)?.kind).toBe("end");
  });
});
