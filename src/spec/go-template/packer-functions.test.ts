import { describe, expect, test } from "vitest";
import { type TemplateWorld, templateFunctions, timeOrderedUuid } from "./packer-functions.ts";
import { renderTemplate } from "./render-template.ts";

// The expectations are what Packer 1.6.6 does with the same text in an option of a JSON template.

const world: TemplateWorld = {
  startTime: new Date("2026-03-01T05:34:07.095Z"),
  packerVersion: "1.16.0",
  cwd: "/work",
  templateFolder: "/work/images",
  buildName: "web",
  buildType: "docker",
  userVariables: { v: "vv" },
};

const render = (text: string, more: Partial<TemplateWorld> = {}) =>
  renderTemplate(text, {}, templateFunctions({ ...world, ...more }));

describe("renders", () => {
  test.each([
    ["{{timestamp}}", "1772343247"],
    ["{{isotime}}", "2026-03-01T05:34:07Z"],
    ['{{isotime "20060102-150405.000 Mon Jan _2 3PM 002"}}', "20260301-053407.095 Sun Mar  1 5AM 060"],
    [
      '{{strftime "%Y-%m-%d %H:%M:%S %I%p %A %a %B %b %y %Z %z %L %% %j %é %"}}',
      "2026-03-01 05:34:07 05AM Sunday Sun March Mar 26 UTC +0000 .095 % %j %é %",
    ],
    [
      "{{build_name}} {{build_type}} {{packer_version}} {{pwd}} {{template_dir}}",
      "web docker 1.16.0 /work /work/images",
    ],
    ['{{user "v"}}[{{user "nope"}}]', "vv[]"],
    ['{{lower "AÉΣ"}} {{upper "éß"}}', "aéσ Éß"],
    [
      '{{replace "a" "b" 1 "aaa"}} {{replace "a" "b" -1 "aaa"}} {{"aaa" | replace_all "a" "b"}} {{replace "" "-" 2 "abc"}}',
      "baa bbb bbb -a-bc",
    ],
    ['{{split "a,b,c" "," 1}} {{split "abc" "" 2}}', "b c"],
    ['{{`{{user "v"}}`}}', '{{user "v"}}'],
  ])("%s", (template, text) => {
    expect(render(template)).toEqual({ text });
  });
});

describe("refuses", () => {
  test.each([
    ['{{isotime "a" "b"}}', "error calling isotime: too many values, 1 needed: [a b]"],
    [
      '{{split "a" "," 5}}',
      "error calling split: the substring 5 was unavailable using the separator value, ,, only 1 values were found",
    ],
    ['{{env "HOME"}}', "error calling env: env vars are not allowed here"],
    [
      '{{sed "a" "b"}}',
      "error calling sed: template function `sed` is deprecated use `replace` or `replace_all` instead.",
    ],
    ['{{consul_key "x"}}', "error calling consul_key: consul_key is not allowed here"],
    ['{{vault "a" "b"}}', "error calling vault: Vault vars are only allowed in the variables section"],
    [
      '{{aws_secretsmanager "a"}}',
      "error calling aws_secretsmanager: AWS Secrets Manager is only allowed in the variables section",
    ],
    [
      '{{build "ID"}}',
      "error calling build: Error validating build variable: the given variable ID will not be passed into your plugin.",
    ],
    ['{{clean_resource_name "a b"}}', 'function "clean_resource_name" not defined'],
    ["{{upper 5}}", "expected string; found 5"],
  ])("%s", (template, error) => {
    expect(render(template)).toEqual({ error: expect.stringContaining(error) });
  });

  test("what is not known where it stands", () => {
    const bare = { startTime: world.startTime, packerVersion: "1", cwd: "/" };
    const of = (text: string) => renderTemplate(text, {}, templateFunctions(bare));
    expect(of("{{build_name}}")).toEqual({ error: expect.stringContaining("build_name not available") });
    expect(of("{{template_dir}}")).toEqual({ error: expect.stringContaining("template path not available") });
    expect(of('{{user "x"}}')).toEqual({ error: expect.stringContaining("user variables are var.x in HCL templates") });
  });
});

describe("build values", () => {
  const names = new Set(["ID", "Host"]);

  test("are unknown until the build runs", () => {
    expect(render('x {{build "ID"}}', { build: { names } })).toEqual({ unknown: true });
    expect(render('{{build "ID"}}', { build: { names, values: { ID: "abc" } } })).toEqual({ text: "abc" });
  });

  test("that no builder gives are a fault at once", () => {
    const error = expect.stringContaining("loaded data, but couldnt find Nope in it.");
    expect(render('{{build "Nope"}}', { build: { names } })).toEqual({ error });
    expect(render('{{build "Nope"}}', { build: { names, values: { ID: "abc" } } })).toEqual({ error });
  });
});

test("in the variables of a template there is an environment, and user variables must be set", () => {
  const environment = { HOME: "/root" };
  expect(render('{{env "HOME"}}[{{env "NOPE"}}]', { environment })).toEqual({ text: "/root[]" });
  expect(render('{{user "nope"}}', { environment })).toEqual({
    error: expect.stringContaining("Error: variable not set: nope"),
  });
});

test("a component can add functions", () => {
  const functions = new Map([
    ["clean_resource_name", { parameters: ["string" as const], call: ([text]: readonly unknown[]) => `clean ${text}` }],
  ]);
  expect(render('{{clean_resource_name "a"}}', { functions })).toEqual({ text: "clean a" });
});

test("uuids begin with the seconds, and never repeat", () => {
  const [a, b] = [timeOrderedUuid(1_772_343_247_095), timeOrderedUuid(1_772_343_247_095)];
  expect(a).toMatch(/^69a3cfcf-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  expect(a).not.toBe(b);
});
