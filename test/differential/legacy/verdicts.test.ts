import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import { catalogue } from "../../../src/catalogue.ts";
import { Diagnostics } from "../../../src/hcl/source/diagnostic.ts";
import { localHost } from "../../../src/sdk/local-host/local-host.ts";
import { checkPlan } from "../../../src/template/check-plan.ts";
import { parseTemplate } from "../../../src/template/parse-template.ts";
import { readTemplate } from "../../../src/template/read-template.ts";
import { packer, runPacker, WITHOUT_PACKER } from "../packer-oracle.ts";

const NULL = { type: "null", communicator: "none" };
const POT = { ...NULL, name: "pot" };
const LOCAL = { type: "shell-local", inline: ["true"] };

interface Case {
  /** A text, where it is about JSON itself. */
  readonly template: unknown;
  readonly vars?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly varFiles?: readonly string[];
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly syntaxOnly?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

function local(options: object): Case {
  return { template: { builders: [NULL, POT], provisioners: [{ ...LOCAL, ...options }] } };
}

function variables(all: object, use = ""): Case {
  return { template: { variables: all, builders: [{ type: "file", target: "x", content: `-${use}` }] } };
}

function postProcessors(...all: unknown[]): Case {
  return { template: { builders: [NULL, POT], "post-processors": all } };
}

const CASES: Readonly<Record<string, Case>> = {
  "the least of all": { template: { builders: [NULL] } },
  "no builders": { template: {} },
  "an empty list of builders": { template: { builders: [] } },
  "builders that are no list": { template: { builders: NULL } },
  "a builder without a type": { template: { builders: [{ communicator: "none" }] } },
  "two builders of one type": { template: { builders: [NULL, NULL] } },
  "two builders of one name": { template: { builders: [POT, { type: "file", name: "pot", target: "x" }] } },
  "a name that is the type of another": { template: { builders: [NULL, { type: "file", name: "null", target: "x" }] } },
  "an unknown root key": { template: { builders: [NULL], foo: 1 } },
  "comments at the root": { template: { _a: "x", comments: [{ a: "b" }], builders: [NULL] } },
  "a comment that is no text": { template: { _a: 1, builders: [NULL] } },
  "comments that are no list": { template: { comments: "x", builders: [NULL] } },
  "a comment in a builder": { template: { builders: [{ ...NULL, _a: "x" }] } },
  push: { template: { push: { x: 1 }, builders: [NULL] } },
  "a description that is no text": { template: { description: 5, builders: [NULL] } },
  "a root key in capitals": { template: { Builders: [NULL] } },
  "a duplicate key at the root": { template: '{"builders": [], "builders": [{"type":"null","communicator":"none"}]}' },
  "a duplicate key deep down": { template: '{"builders": [{"type":"null","communicator":"none","a":{"x":1,"x":2}}]}' },
  "a missing bracket": { template: '{"builders": [{"type":"null","communicator":"none"}' },
  "a trailing comma": { template: '{"builders": [{"type":"null","communicator":"none"},]}' },
  "no JSON": { template: "{builders: []}" },
  "an unknown option": { template: { builders: [{ ...NULL, foo: 1 }] } },
  "a required option that is missing": { template: { builders: [{ type: "file" }] } },
  "an unknown builder": { template: { builders: [{ type: "nul" }] } },
  "an unknown provisioner": { template: { builders: [NULL], provisioners: [{ type: "shel" }] } },
  "an unknown post-processor": postProcessors("manifst"),
  "a version that is old": { template: { min_packer_version: "1.0.0", builders: [NULL] } },
  "a version that is to come": { template: { min_packer_version: "99.0", builders: [NULL] } },
  "a version that is none": { template: { min_packer_version: "abc", builders: [NULL] } },

  "a variable that is a number": variables({ a: 1 }),
  "a required variable": variables({ a: null }),
  "a required variable that is given": { ...variables({ a: null }, "{{user `a`}}"), vars: ["a=1"] },
  "a required variable from a file": {
    ...variables({ a: null }, "{{user `a`}}"),
    files: { "v.json": '{"a": "1", "undeclared": "x"}' },
    varFiles: ["v.json"],
  },
  "a variable file with a number": {
    ...variables({ a: null }),
    files: { "v.json": '{"a": 1}' },
    varFiles: ["v.json"],
  },
  "a variable file that is no JSON": { ...variables({ a: "" }), files: { "v.json": "x" }, varFiles: ["v.json"] },
  "a variable file that is not there": { ...variables({ a: "" }), varFiles: ["none.json"] },
  "an undeclared variable that is given": { ...variables({}, "{{user `a`}}"), vars: ["a=1"] },
  "an undeclared variable": variables({}, "{{user `a`}}"),
  "an undeclared variable in a variable": variables({ a: "{{user `nope`}}" }),
  "variables in a circle": variables({ a: "{{user `b`}}", b: "{{user `a`}}" }),
  "a variable that uses itself": variables({ a: "{{user `a`}}" }),
  "variables in any order": variables({ a: "{{user `b`}}", b: "{{user `c`}}", c: "x" }, "{{user `a`}}"),
  "an unknown function in a variable": variables({ a: "{{nope}}" }),
  "a template that is not closed in a variable": variables({ a: "{{user `b`" }),
  "the environment in a variable": variables({ a: "{{env `INGOT_NOPE`}}" }, "{{user `a`}}"),
  "the environment elsewhere": variables({}, "{{env `HOME`}}"),
  "a value of the build in a variable": variables({ a: "{{build `ID`}}" }),
  "what is left for later in a variable": variables({ a: "{{ .Name }}{{.X}}" }),
  "functions in a variable": variables({ a: "{{isotime `2006`}}{{upper `a`}}{{split `a-b` `-` 1}}{{uuid}}{{pwd}}" }),
  "a part that split does not find": variables({ a: "{{split `a-b` `-` 2}}" }),
  sed: variables({ a: "{{sed `a` `b`}}" }),
  "sensitive variables, one that is none": {
    template: { variables: { a: "x" }, "sensitive-variables": ["a", "b"], builders: [NULL] },
  },
  "an unknown function in an option": variables({}, "{{nope}}"),
  "a template that is not closed in an option": variables({}, "{{user `a`"),
  "the name and type of the build": variables({}, "{{build_name}} {{build_type}} {{template_dir}}"),

  only: local({ only: ["pot"] }),
  "only that is no list": local({ only: "pot" }),
  "only of nobody": local({ only: ["kettle"] }),
  "except of nobody": local({ except: ["kettle"] }),
  "only and except": local({ only: ["pot"], except: ["null"] }),
  override: local({ override: { pot: { inline: ["false"] } } }),
  "an override of nobody": local({ override: { kettle: { inline: ["false"] } } }),
  "an override with an unknown option": local({ override: { pot: { foo: 1 } } }),
  pause: local({ pause_before: "10s", timeout: "5m" }),
  "a pause that is a number": local({ pause_before: 5 }),
  "a pause without a unit": local({ pause_before: "10" }),
  "a timeout that is none": local({ timeout: "soon" }),
  "retries as a number": local({ max_retries: 3 }),
  "retries as a text": local({ max_retries: "3" }),
  "retries that are no number": local({ max_retries: "many" }),
  "half a retry": local({ max_retries: 2.5 }),
  "a provisioner without a type": { template: { builders: [NULL], provisioners: [{ inline: ["x"] }] } },
  "a value of the build": local({ inline: ["echo {{build `ID`}} {{ build `PackerRunUUID` }}"] }),
  "a value that no build has": local({ inline: ["echo {{build `Nope`}}"] }),
  "an error cleanup": { template: { builders: [NULL], "error-cleanup-provisioner": { ...LOCAL, only: ["kettle"] } } },
  "an error cleanup without a type": { template: { builders: [NULL], "error-cleanup-provisioner": {} } },
  "an error cleanup that is a list": { template: { builders: [NULL], "error-cleanup-provisioner": [LOCAL] } },

  "post-processors of all forms": postProcessors("manifest", { type: "manifest" }, ["manifest", { type: "manifest" }]),
  "a chain in a chain": postProcessors([["manifest"]]),
  "a chain in a chain in a chain": postProcessors([[["manifest"]]]),
  "a post-processor that is a number": postProcessors(5),
  "a post-processor without a type": postProcessors({ output: "x" }),
  "an empty chain": postProcessors([]),
  keep_input_artifact: postProcessors({ type: "manifest", keep_input_artifact: true }),
  "keep_input_artifact that is a text": postProcessors({ type: "manifest", keep_input_artifact: "true" }),
  "only of nobody in a post-processor": postProcessors({ type: "manifest", only: ["kettle"] }),
  "a name and except in a post-processor": postProcessors({ type: "manifest", name: "m", except: ["pot"] }),

  "loose values": {
    template: {
      builders: [{ type: "file", target: 5, content: true }],
      provisioners: [{ type: "shell-local", inline: "echo a,echo b", valid_exit_codes: "0,1", only_on: "linux" }],
    },
  },
  "a number that is none": local({ valid_exit_codes: ["x"] }),
  "an option in capitals": local({ Valid_Exit_Codes: [0] }),

  "syntax only: what is looked up is not looked at": {
    template: {
      min_packer_version: "99",
      variables: { a: null },
      builders: [],
      provisioners: [{ type: "no", only: ["x"] }],
    },
    syntaxOnly: true,
  },
  "syntax only: the form is looked at": { template: { builders: [{}] }, syntaxOnly: true },
  "a fault in a build that is left out": { template: { builders: [NULL, { type: "file" }] }, except: ["file"] },
  "a fault in a build that is chosen": { template: { builders: [NULL, { type: "file" }] }, only: ["file"] },
  "a fault in what -except cuts": {
    ...postProcessors([
      { type: "manifest", name: "cut" },
      { type: "manifest", foo: 1 },
    ]),
    except: ["cut"],
  },
};

test.skipIf(!packer).concurrent.for(Object.entries(CASES))(
  packer ? "validate judges as Packer does: %s" : `validate judges as Packer does: %s (${WITHOUT_PACKER})`,
  async ([name, each], { expect }) => {
    const folder = mkdtempSync(join(tmpdir(), "ingot-verdict-"));
    try {
      const text = typeof each.template === "string" ? each.template : JSON.stringify(each.template);
      writeFileSync(join(folder, "t.json"), text);
      for (const [file, content] of Object.entries(each.files ?? {})) writeFileSync(join(folder, file), content);
      const { code, stdout } = await runPacker(["validate", ...argumentsOf(each), "t.json"], folder);
      const faults = await faultsOf(each, folder);
      const errors = faults.filter(({ severity }) => severity === "error");
      expect({ valid: errors.length === 0, errors: errors.map(({ summary }) => summary) }, stdout).toMatchObject({
        valid: code === 0,
      });
      // Whoever wrote the fault must be able to see where.
      const placed = each.varFiles || /builders?"?: ?\[\]|^\{\}$/.test(text) || name.startsWith("no builders");
      if (!placed) expect(errors.every(({ subject }) => subject !== undefined)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

function argumentsOf({ vars = [], varFiles = [], only, except, syntaxOnly }: Case): string[] {
  return [
    ...vars.flatMap((one) => ["-var", one]),
    ...varFiles.map((file) => `-var-file=${file}`),
    ...(only ? [`-only=${only.join(",")}`] : []),
    ...(except ? [`-except=${except.join(",")}`] : []),
    ...(syntaxOnly ? ["-syntax-only"] : []),
  ];
}

async function faultsOf(each: Case, folder: string): Promise<Diagnostics["all"]> {
  const diagnostics = new Diagnostics();
  const host = localHost({ cwd: folder });
  const input = {
    path: "t.json",
    host,
    catalogue,
    requireValues: true,
    variables: { vars: each.vars ?? [], varFiles: each.varFiles ?? [], warnOnUndeclared: true },
  };
  if (each.syntaxOnly) {
    await parseTemplate(input, diagnostics);
    return diagnostics.all;
  }
  const loaded = await readTemplate(input, diagnostics);
  const plan = await loaded?.plan({ only: each.only ?? [], except: each.except ?? [] }, diagnostics);
  if (plan) await checkPlan(plan, host, diagnostics);
  return diagnostics.all;
}
