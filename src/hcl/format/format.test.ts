import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Diagnostics } from "../source/diagnostic.ts";
import { lex } from "../syntax/lexer/lex.ts";
import { format } from "./format.ts";

describe("format", () => {
  test.each([
    ["aligns the equals signs of neighbouring lines", "a=1\nlonger  =2\n\nb =3\n", "a      = 1\nlonger = 2\n\nb = 3\n"],
    ["aligns comments", "a = 1 # x\nbbb = 22   // y\n", "a   = 1  # x\nbbb = 22 // y\n"],
    [
      "indents what is in brackets",
      "a {\nb = [\n1,\n{ c = 2 }\n]\n}\n",
      "a {\n  b = [\n    1,\n    { c = 2 }\n  ]\n}\n",
    ],
    ["indents once for several brackets of a line", "a = f([{\nb = 1\n}])\n", "a = f([{\n  b = 1\n}])\n"],
    ["does not align what goes on over lines", "a = [\n1]\nbbb = 2\n", "a = [\n1]\nbbb = 2\n"],
    ["spaces operators, not signs", "a=1+2*-3- -b\nc=!d&&e\n", "a = 1 + 2 * -3 - -b\nc = !d && e\n"],
    [
      "spaces braces, not brackets",
      'a  "b"{}\nc={d=1}\ne=[ 1,2 ]\nf=g( h [0] )\n',
      'a "b" {}\nc = { d = 1 }\ne = [1, 2]\nf = g(h[0])\n',
    ],
    ["keeps a list behind in away from it", "a=[for x in[1]:x]\n", "a = [for x in [1] : x]\n"],
    ["leaves literal text alone", 'a = "  x   ${ b }  y"\n', 'a = "  x   ${b}  y"\n'],
    [
      "leaves heredocs alone",
      "a {\nb = <<-EOT\n  x   y\n EOT\nc=1\n}\n",
      "a {\n  b = <<-EOT\n  x   y\n EOT\n  c = 1\n}\n",
    ],
    [
      "takes blanks off line ends, tabs and byte order marks off",
      "\ufeffa = 1  \n\t\nb\t= 2\r\n",
      "a = 1\n\nb = 2\r\n",
    ],
    ["keeps the number of lines", "a = 1\n\n\n\nb = 2", "a = 1\n\n\n\nb = 2"],
  ])("%s", (_title, text, expected) => {
    expect(format(text)).toBe(expected);
  });

  const pieces = fc.constantFrom(
    ...[
      "a",
      "b.c",
      " = ",
      "=",
      "{",
      "}",
      "[",
      "]",
      "(",
      ")",
      ",",
      "\n",
      "\n",
      "\r\n",
      " ",
      "\t",
      "# c\n",
      "/* d */",
      "-",
      "!",
      "in",
    ],
    ...['"x  y"', '"${', "}", '"', "<<EOT\n  x\nEOT\n", "1", "? ", ":", "é", "'", "%{"],
  );
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 40 }).map((all) => all.join("")),
    fc.string({ unit: "binary" }),
  );

  test("changes only blanks, whatever the text", () => {
    const bare = (sample: string) => sample.replace(/[ \t\ufeff]/g, "");
    fc.assert(
      fc.property(text, (sample) => {
        expect(bare(format(sample))).toBe(bare(sample));
      }),
      { numRuns: 1500 },
    );
  });

  test("does not depend on the blanks that were there", () => {
    const sample = `
a {
  b     = [for x in [c.d, -1] : f(x, { y = "z ${"${ x }"}" }) if !g && h[0] != null] # one
  other = <<-EOT
      text  ${"${ x }"}
  EOT
  e { f = 1 } // two
}
`;
    const tokens = lex({ name: "", text: sample }, "code", new Diagnostics());
    const blanks = fc.array(fc.constantFrom(" ", "\t", "   "), { minLength: tokens.length, maxLength: tokens.length });
    fc.assert(
      fc.property(blanks, (gaps) => {
        let behind = 0;
        let changed = "";
        for (const [index, { start, end }] of tokens.entries()) {
          changed += (start > behind ? gaps[index] : "") + sample.slice(start, end);
          behind = end;
        }
        expect(format(changed)).toBe(format(sample));
      }),
    );
  });

  test("changes nothing the second time", () => {
    fc.assert(
      fc.property(text, (sample) => {
        const diagnostics = new Diagnostics();
        lex({ name: "", text: sample }, "code", diagnostics);
        fc.pre(!diagnostics.hasErrors);
        const once = format(sample);
        expect(format(once)).toBe(once);
      }),
      { numRuns: 1500 },
    );
  });
});
