import { describe, expect, test } from "vitest";
import type { GoMap } from "./go-value.ts";
import { type Rendered, renderTemplate, renderUntilStable, templateFault } from "./render-template.ts";
import type { TemplateFunction, TemplateFunctions } from "./template-function.ts";

// The expectations are what Go 1.26 says of the same template and data.

const data: GoMap = {
  Name: "web",
  N: 3,
  F: 1.5,
  Yes: true,
  No: false,
  Nil: null,
  List: ["a", "b", "c"],
  Lists: [[1, 2], [3]],
  Map: { x: "1", b: { c: "deep" }, n: 5 },
  Html: "<a href='x'>&\"q\"</a>",
  Accents: "héllo",
};

const functions: TemplateFunctions = new Map<string, TemplateFunction>([
  ["upper", { parameters: ["string"], call: ([text]) => String(text).toUpperCase() }],
  ["repeat", { parameters: ["string", "int"], call: ([s, n]) => String(s).repeat(Number(n)) }],
  [
    "boom",
    {
      parameters: [],
      call: () => {
        throw new Error("kaboom");
      },
    },
  ],
]);

function render(text: string): Rendered {
  return renderTemplate(text, data, functions);
}

test("a text without templates is itself", () => {
  expect(render("}} plain { text }")).toEqual({ text: "}} plain { text }" });
});

describe("renders", () => {
  test.each([
    // data
    ["a{{.Name}}b{{ .N }}{{.F}}{{.Yes}}", "awebb31.5true"],
    ["{{.Map.b.c}} {{(.Map.b).c}} {{$.Map.x}}", "deep deep 1"],
    ["{{.Missing}} {{.Missing.deeper}} {{.Nil}}", "<no value> <no value> <no value>"],
    ["{{.List}} {{.Map}} {{.Lists}}", "[a b c] map[b:map[c:deep] n:5 x:1] [[1 2] [3]]"],
    // literals
    [
      "{{1}} {{1.0}} {{0x10}} {{017}} {{1e3}} {{'a'}} {{1_000}} {{\"a\\tb\\x41\\u00e9\"}} {{`raw\\n`}}",
      "1 1 16 15 1000 97 1000 a\tbAé raw\\n",
    ],
    // trimming and comments
    ["a  {{-  .Name  -}}  b {{/* no */}}c {{- /* no */ -}} d", "awebb cd"],
    ["{{-3}} {{ -3 -}} x", "-3 -3x"],
    // control
    ["{{if .No}}a{{else if .N}}b{{else}}c{{end}}", "b"],
    ["{{if and .Yes .N}}a{{end}}{{if not .Missing}}b{{end}}", "ab"],
    ["{{with .Map}}{{.x}}{{$.Name}}{{end}}{{with .Missing}}a{{else}}b{{end}}", "1webb"],
    ["{{with .Missing}}a{{else with .Name}}{{.}}{{end}}", "web"],
    ["{{range .List}}<{{.}}>{{end}}{{range .Missing}}a{{else}}none{{end}}", "<a><b><c>none"],
    ["{{range $i, $e := .List}}{{if $i}},{{end}}{{$i}}={{$e}}{{end}}", "0=a,1=b,2=c"],
    ["{{range $k, $v := .Map.b}}{{$k}}:{{$v}}{{end}} {{range 3}}{{.}}{{end}}", "c:deep 012"],
    ["{{range .List}}{{if eq . `a`}}{{continue}}{{end}}{{.}}{{break}}{{end}}", "b"],
    ["{{$x := 1}}{{if .Yes}}{{$x = 2}}{{$y := 3}}{{$y}}{{end}}{{$x}}", "32"],
    ['{{define "t"}}[{{.}}]{{end}}{{template "t" .Name}}{{block "b" .N}}<{{.}}>{{end}}', "[web]<3>"],
    // functions
    ['{{.Name | upper}} {{upper "a" | printf "%s-%s" "b"}} {{repeat "ab" 2}} {{"x" | len}}', "WEB b-A abab 1"],
    [
      '{{eq .Name "a" "web"}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt "b" "a"}} {{ge 1 2}}',
      "true true true true true false",
    ],
    ['{{or .Missing "default"}} {{and .Yes ""}} {{or 0 1 boom}}', "default  1"],
    ['{{len .List}} {{len .Accents}} {{index .List 1}} {{index .Map "b" "c"}} {{slice .Name 1 2}}', "3 6 b deep e"],
    ['{{print 1 2 "a" "b" 3 true}}|{{println 1 "a"}}', "1 2ab3 true|1 a\n"],
    ["{{html .Html}}", "&lt;a href=&#39;x&#39;&gt;&amp;&#34;q&#34;&lt;/a&gt;"],
    ["{{js .Html}}", "\\u003Ca href\\u003D\\'x\\'\\u003E\\u0026\\\"q\\\"\\u003C/a\\u003E"],
    ['{{urlquery "a b+c/d?e=f~\'"}}', "a+b%2Bc%2Fd%3Fe%3Df~%27"],
    // printf
    [
      '{{printf "%d|%5d|%-5d|%05d|%+d|%x|%X|%#o|%c|%U" 1 2 3 4 5 255 255 8 65 65}}',
      "1|    2|3    |00004|+5|ff|FF|010|A|U+0041",
    ],
    ['{{printf "%s|%6s|%-6s|%.2s|%q|%v|%x" "a" "b" "c" "defg" "h\\n" "v" "hi"}}', 'a|     b|c     |de|"h\\n"|v|6869'],
    [
      '{{printf "%f|%.2f|%08.3f|%e|%g|%v" 1.5 1.25 3.14159 1234.5 0.00001 1e21}}',
      "1.500000|1.25|0003.142|1.234500e+03|1e-05|1e+21",
    ],
    [
      '{{printf "%d" "x"}} {{printf "%d"}} {{printf "x" 1}} {{printf "100%"}} {{printf "%%"}}',
      "%!d(string=x) %!d(MISSING) x%!(EXTRA int=1) 100%!(NOVERB) %",
    ],
    ['{{printf "%*d|%T|%t|%v" 4 1 1.5 true nil}}', "   1|float64|true|<nil>"],
  ])("%s", (template, text) => {
    expect(render(template)).toEqual({ text });
  });
});

describe("says what Go says of", () => {
  test.each([
    // parsing
    ["{{.Name", "template: root:1: unclosed action"],
    ["a\n{{.Name\n", "template: root:3: unclosed action started at root:2"],
    ["{{if .Yes}}x", "template: root:1: unexpected EOF"],
    ["{{end}}", "template: root:1: unexpected {{end}}"],
    ["{{}}", "template: root:1: missing value for command"],
    ["{{nope 1}}", 'template: root:1: function "nope" not defined'],
    ["{{$x}}", 'template: root:1: undefined variable "$x"'],
    ['{{"a}}', "template: root:1: unterminated quoted string"],
    ["{{/* a", "template: root:1: unclosed comment"],
    ["{{(.Name}}", "template: root:1: unclosed left paren"],
    ["{{.a@b}}", "template: root:1: bad character U+0040 '@'"],
    ["{{1a}}", 'template: root:1: bad number syntax: "1a"'],
    ["{{.Name ? 1}}", 'template: root:1: unexpected "?" in operand'],
    ['{{.Name | "a"}}', "template: root:1: non executable command in pipeline stage 2"],
    ["{{break}}", "template: root:1: {{break}} outside {{range}}"],
    ["{{if .Yes}}{{else}}{{else}}{{end}}", "template: root:1: expected end; found {{else}}"],
    // running
    ["{{$x = 1}}", 'template: root:1:7: executing "root" at <1>: undefined variable: $x'],
    [
      "a\nbc{{.Name.x}}",
      'template: root:2:9: executing "root" at <.Name.x>: can\'t evaluate field x in type interface {}',
    ],
    ["{{upper 3}}", 'template: root:1:8: executing "root" at <3>: expected string; found 3'],
    ["{{upper .N}}", 'template: root:1:8: executing "root" at <.N>: wrong type for value; expected string; got int'],
    ["{{upper .Missing}}", 'template: root:1:8: executing "root" at <.Missing>: invalid value; expected string'],
    ["{{upper}}", 'template: root:1:2: executing "root" at <upper>: wrong number of args for upper: want 1 got 0'],
    ["{{boom | upper}}", 'template: root:1:2: executing "root" at <boom>: error calling boom: kaboom'],
    [
      "{{index .List 9}}",
      'template: root:1:2: executing "root" at <index .List 9>: error calling index: index out of range: 9',
    ],
    [
      '{{eq 1 "1"}}',
      'template: root:1:2: executing "root" at <eq 1 "1">: error calling eq: incompatible types for comparison: int and string',
    ],
    ["{{.Name 1}}", 'template: root:1:2: executing "root" at <.Name>: Name is not a method but has arguments'],
    ["{{range .Name}}{{end}}", 'template: root:1:8: executing "root" at <.Name>: range can\'t iterate over web'],
    ['{{template "t"}}', 'template: root:1:11: executing "root" at <{{template "t"}}>: template "t" not defined'],
  ])("%s", (template, error) => {
    expect(render(template)).toEqual({ error });
  });
});

test("a template that calls itself without end is a fault, not a crash", () => {
  expect(render('{{define "t"}}{{template "t"}}{{end}}{{template "t"}}')).toEqual({
    error: expect.stringContaining("exceeded maximum template depth"),
  });
  expect(render(`{{${"(".repeat(100_000)}1${")".repeat(100_000)}}}`)).toEqual({
    error: "template: root:1: max expression depth exceeded",
  });
  expect(render("{{if 1}}".repeat(100_000))).toEqual({ error: "template: root:1: {{if}} is nested too deeply" });
  expect(render("{{range 9000000000}}{{end}}")).toEqual({ error: expect.stringContaining("more than 1000000 rounds") });
});

test("rendering until stable renders what a value brought in, and ends", () => {
  const nested: GoMap = { A: "{{.B}}", B: "b", Loop: "x{{.Loop}}" };
  expect(renderTemplate("{{.A}}", nested, functions)).toEqual({ text: "{{.B}}" });
  expect(renderUntilStable("{{.A}}", nested, functions)).toEqual({ text: "b" });
  expect(renderUntilStable("{{.Loop}}", nested, functions)).toEqual({
    error: expect.stringContaining("still changing after 100 rounds"),
  });
});

test("checking a template does not run it", () => {
  expect(templateFault("{{.Name.x.y}} {{boom}}", functions)).toBeUndefined();
  expect(templateFault("{{nope}}", functions)).toBe('template: root:1: function "nope" not defined');
});
