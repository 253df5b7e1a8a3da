import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Diagnostics } from "../source/diagnostic.ts";
import { parseExpression, parseFile, parseTemplate } from "./parse.ts";
import { faultsOf, outline, outlineBody, outlineOf } from "./testing/outline.ts";
import { variablesOfNativeBody } from "./variables-of.ts";

describe("expressions", () => {
  test.each([
    ["a||b&&c==d<e+f*g", "(|| a (&& b (== c (< d (+ e (* f g))))))"],
    ["a - b - c", "(- (- a b) c)"],
    ["-a.b + !c[0]", "(+ (- (. a b)) (! (index c 0)))"],
    ["a ? b : c ? d : e", "(? a b (? c d e))"],
    ["(a\n+\nb)", "(group (+ a b))"],
    ['a.b.0.c[d]["e"]', '(index (index (. (legacy (. a b) 0) c) d) (quoted "e"))'],
    ["a.*.b.0[1]", "(index (attribute-splat a (legacy (. @ b) 0)) 1)"],
    ["a[*].b[0].c", "(full-splat a (. (index (. @ b) 0) c))"],
    ["f(a, [b...]...)".replace("[b...]", "b"), "(call f a b ...)"],
    ["a::b(c,)", "(call a::b c)"],
    ["[1,\n2,\n]", "(list 1 2)"],
    ['{a = 1, "b": 2\n(c) = 3\ntrue = 4}', `(object 'a=1 (quoted "b")=2 (group c)=3 'true=4)`],
    ["[for x in y : x if z]", "(for x y x if z)"],
    ["{for k, v in y : k => v...}", "(for k,v y k=>v ...)"],
    ["123456789012345678901234567890.5", "123456789012345678901234567890.5"],
    ["null", "null"],
  ])("%j is %s", (text, expected) => {
    expect(outlineOf(text)).toBe(expected);
  });
});

describe("templates", () => {
  test.each([
    ['"\\n\\t\\"\\\\\\u00e9\\U0001F600"', '(quoted "\\n\\t\\"\\\\é😀")'],
    ['"$${a} %%{b} $$${c} 5$"', '(quoted "${a} %{b} $${c} 5$")'],
    ['"a ${~ b ~} c"', '(quoted "a" ${b} "c")'],
    ['" ${~ b ~} "', '(quoted "" ${b} "")'],
    ['"%{ if a }x%{ else }y%{ endif }"', '(quoted (if a then "x" else "y"))'],
    ['"%{ for k, v in m ~} ${v} %{ endfor }"', '(quoted (for k,v m "" ${v} " "))'],
    ["<<EOT\n  a\n  EOT\n", '(heredoc "  a\\n")'],
    ["<<-EOT\n    a\n\n  \tb\n      c ${d}\n  EOT\n", '(heredoc " a\\n\\nb\\n   c " ${d} "\\n")'],
    ["<<-EOT\n  a\n${b}\n  EOT\n", '(heredoc "  a\\n" ${b} "\\n")'],
    ["<<-EOT\n  %{ if a ~}\n    b\n  %{ endif ~}\n  EOT\n", '(heredoc "" (if a then "    b\\n" else) "")'],
    ["<<EOT\r\na\r\nEOT\r\n", '(heredoc "a\\r\\n")'],
    ["<<EOT\nlast line without an end\nEOT", '(heredoc "last line without an end\\n")'],
  ])("%j is %s", (text, expected) => {
    expect(outlineOf(text)).toBe(expected);
  });

  test("a file is a template without quotes, in which quotes mean nothing", () => {
    const diagnostics = new Diagnostics();
    const template = parseTemplate({ name: "x", text: 'say "${name}"\\n\n' }, diagnostics);
    expect(outline(template)).toBe('(bare "say \\"" ${name} "\\"\\\\n\\n")');
    expect(diagnostics.all).toEqual([]);
  });
});

describe("files", () => {
  test.each([
    ['a = 1\nb "c" d {\n  e = 2 # f\n}\n', 'a=1; b "c" "d"{e=2}'],
    ["a {}\nb { c = 1 }", "a{}; b{c=1}"],
    ["\ufeffa = 1\r\nb = 2\r\n", "a=1; b=2"],
    ["/* a */ b = /* c */ 1 // d", "b=1"],
    ["", ""],
  ])("%j is %s", (text, expected) => {
    const diagnostics = new Diagnostics();
    expect(outlineBody(parseFile({ name: "x", text }, diagnostics).body)).toBe(expected);
    expect(diagnostics.all).toEqual([]);
  });

  test("a fault costs only what is next to it", () => {
    const faults = faultsOf(`source "docker" "base" {
  list = [1, 2
  quote = 'single'
  open = "no end
  sequence = "foo \${bar"
  object = { a = 1 b = 2 }
  items = [1 2, *, 3]
  call = f(1 2, 3)
  branch = 1 ? 2
  dot = a.
  bits = a & b
  colon: 3
  "name" = 3
  block "x" = {
  }
  one { a = 1, b = 2 }
  wrong = { x = [1, 2 }
  last = "fine"
}
`);
    expect(faults).toEqual([
      '2: "[": Unterminated tuple constructor expression',
      `3: "'single'": Invalid character`,
      '4: "\\"no end": Unterminated template string',
      '5: "${": Unclosed template interpolation sequence',
      '6: "b": Missing attribute separator',
      '7: "2": Missing item separator',
      '7: "*": Invalid expression',
      '8: "2": Missing argument separator',
      '9: "": Missing false expression in conditional',
      '10: "": Invalid attribute name',
      '11: "&": Unsupported operator',
      '12: "colon": Argument or block definition required',
      '13: "\\"": Invalid argument name',
      '14: "=": Invalid block definition',
      '16: ",": Invalid single-argument block definition',
      '17: "[": Unterminated tuple constructor expression',
    ]);
  });

  test.each([
    ["a = 1 b = 2", '1: "b": Missing newline after argument'],
    ["a = 1,\n", '1: ",": Unexpected comma after argument'],
    ["a {} b {}", '1: "b": Missing newline after block definition'],
    ["a = ", '1: "": Missing expression'],
    ["a = \n", '1: "": Invalid expression'],
    ["a = 1\na = 2", '2: "a": Attribute redefined'],
    ["a {\nb = 1\n", '1: "a": Unclosed configuration block'],
    ["}\na = 1", '1: "}": Argument or block definition required'],
    ["a\n{}", '1: "": Invalid block definition'],
    ['a "${b}" {}', '1: "${": Invalid string literal'],
    ["a = <<EOT\nb\n", '1: "<<EOT": Unterminated template string'],
    ['a = "b\nc"\n', '1: "\\n": Invalid multi-line string'],
    ['a = "\\x"', '1: "\\\\x": Invalid escape sequence'],
    ["a = b.0.1", '1: "0.1": Invalid legacy index syntax'],
    ["a = b.*.*", '1: "*": Nested splat expression not allowed'],
    ["a = f(b", '1: "f(": Unterminated function call'],
    ["a = (b", '1: "(": Unbalanced parentheses'],
    ["a = b[1", '1: "[": Missing close bracket on index'],
    ["a = 1.2.3", '1: "1.2.3": Invalid number literal'],
    ["a = [for x in y]", `1: "]": Invalid 'for' expression`],
    ['a = "%{ if b }"', '1: "%{ if b }": Unexpected end of template'],
    ['a = "%{ endif }"', '1: "%{ endif }": Unexpected endif directive'],
    ['a = "%{ iff b }"', '1: "iff": Invalid template control keyword'],
    ['a = "${b c}"', '1: "c": Extra characters after interpolation expression'],
    ["a = {b.c = 1}", '1: "b.c": Ambiguous attribute key'],
    ["/* a", '1: "/*": Unterminated comment'],
    ["a = b ** c", '1: "*": Invalid expression'],
  ])("%j has the fault %s", (text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  test("a missing brace is looked for where the indentation says", () => {
    expect(faultsOf('build {\n  source "a" {\n    b = 1\n\n  provisioner "c" {\n    d = 1\n  }\n}\n')).toEqual([
      '2: "source \\"a\\"": Unclosed configuration block',
    ]);
  });
});

const VALID = `
variable "a" {
  type    = list(object({ name = string, size = optional(number, 1.5) }))
  default = [{ name = "x\${1 + 2}" }]
}
build {
  sources = ["source.docker.base"]
  provisioner "shell" {
    inline = [for k, v in local.all : "\${k}=\${v}" if v != null && !startswith(k, "_")]
    text   = <<-EOT
      hello %{ if var.a[0].name == "x" ~} \${upper("you")} %{ else } nobody %{ endif }
        indented $\${literal}
    EOT
  }
  dynamic "x" { for_each = local.all[*].id }
}
`;

describe("any text", () => {
  const junk = fc.constantFrom(
    ..."{}[]()\"'`\\$%~.,:=?!&|<>-+*/#;\n\r\t é\ud800".split(""),
    "${",
    "%{",
    "<<EOT\n",
    "...",
  );
  const mutated = fc
    .array(fc.tuple(fc.nat(VALID.length), fc.nat(4), fc.oneof(junk, fc.constant(""))), { minLength: 1, maxLength: 6 })
    .map((edits) => edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), VALID));
  const any = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(junk).map((all) => all.join("")),
    mutated,
  );

  test("is parsed to a tree whose places lie in the text, and whose faults are in its order", () => {
    fc.assert(
      fc.property(any, (text) => {
        const diagnostics = new Diagnostics();
        const source = { name: "x", text };
        const { body } = parseFile(source, diagnostics);
        variablesOfNativeBody(body);
        parseExpression(source, diagnostics);
        parseTemplate(source, diagnostics);
        const places: number[] = [];
        JSON.stringify(body, (key, value) => {
          if (key === "range") {
            expect(value.source).toBe(source);
            expect(value.start).toBeLessThanOrEqual(value.end);
            places.push(value.start, value.end);
            return undefined;
          }
          return value;
        });
        expect(Math.max(0, ...places)).toBeLessThanOrEqual(text.length);
        for (const { subject, detail, code } of diagnostics.all) {
          expect(subject?.end).toBeLessThanOrEqual(text.length);
          expect(detail).not.toBe("");
          expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test.each([
    "(",
    "[",
    "{",
    "{a=",
    "f(",
    '"${',
    "!",
    "-",
    "a ? ",
    "a[",
    "[for x in ",
    "a {\n",
    "a.*[",
    "a[*]",
    "a.b",
    "1+",
  ])("thousands of %j end in a fault and not in an exhausted stack", (piece) => {
    const diagnostics = new Diagnostics();
    const text = piece.repeat(20_000);
    parseFile({ name: "x", text: `v = ${text}` }, diagnostics);
    parseFile({ name: "x", text }, diagnostics);
    expect(diagnostics.hasErrors).toBe(true);
  });
});
