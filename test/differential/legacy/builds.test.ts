import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { Workplace } from "../../support/program.ts";
import { packer, runPacker, WITHOUT_PACKER } from "../packer-oracle.ts";

const NULL = { type: "null", communicator: "none" };
const FILE = { type: "file", target: "made.txt" };
const VARIABLES = {
  variables: {
    a: "default",
    b: "{{user `a`}}-{{user `c`}}",
    c: "{{env `INGOT_TEST`}}",
    later: "{{ .Unknown }}",
    nested: '{{`{{user "a"}}`}}',
    s: "hush",
  },
  "sensitive-variables": ["s"],
  builders: [
    { ...FILE, content: "{{user `b`}}|{{user `s`}}|{{user `nope`}}|{{user `nested`}}|{{build_name}}|{{build_type}}" },
    { ...FILE, name: "two-{{user `a`}}", target: "{{build_name}}.txt", content: "{{upper `x`}}{{split `a-b` `-` 1}}" },
  ],
};

interface Case {
  readonly template: unknown;
  readonly files?: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
}

function write(file: string, text: string): { type: string; inline: string[] } {
  return { type: "shell-local", inline: [`echo "${text}" >> ${file}`] };
}

const CASES: Readonly<Record<string, Case>> = {
  variables: { template: VARIABLES },
  "variables of the command line": {
    template: VARIABLES,
    files: { "1.json": '{"a": "file", "c": "{{user `a`}}!"}', "2.json": '{"a": "second"}' },
    arguments: ["-var-file=1.json", "-var-file=2.json", "-var", "s=x=y"],
  },
  "escaped templates": {
    template: {
      variables: { x: "{{`{{build_name}}`}}", y: '{{`{{user "x"}}`}}' },
      builders: [{ ...FILE, content: "{{`{{.Nope}}`}} {{user `x`}} {{user `y`}}" }],
      provisioners: [
        write("once.txt", "{{`{{.Nope}}`}} {{`{{build_name}}`}} {{user `x`}}"),
        { type: "shell-local", inline: ["echo '{{ \"{{`{{.Names}}`}}\" }}' > twice.txt"] },
      ],
    },
  },
  "one of the builds": { template: VARIABLES, arguments: ["-only=two-default"] },
  "all but one of the builds": { template: VARIABLES, arguments: ["-except=file"] },
  "provisioners: only, except, override, values of the build": {
    template: {
      builders: [NULL, { ...NULL, name: "pot" }],
      provisioners: [
        { ...write("all-{{build_name}}.txt", "{{build_name}} {{build_type}} {{build `ID`}}"), max_retries: "1" },
        { ...write("only.txt", "only {{build_name}}"), only: ["pot"] },
        { ...write("except.txt", "except {{build_name}}"), except: ["pot"] },
        { ...write("x.txt", "over"), only: ["pot"], override: { pot: write("override.txt", "overridden") } },
      ],
    },
  },
  "templates that the component renders itself": {
    template: {
      variables: { v: "value", list: "LIST=1,OTHER=2" },
      builders: [NULL],
      provisioners: [
        {
          type: "shell-local",
          environment_vars: "{{user `list`}}",
          execute_command: [
            "/bin/sh",
            "-c",
            "export FROM='{{user `v`}} {{build_name}} {{user `nope`}}'; {{.Vars}} sh {{.Script}}",
          ],
          inline: ["echo $FROM $LIST $OTHER $PACKER_BUILD_NAME $PACKER_BUILDER_TYPE > late.txt"],
        },
      ],
    },
  },
  "post-processors of all forms": {
    template: {
      builders: [FILE, { ...NULL, name: "pot" }],
      "post-processors": [
        "manifest",
        { ...write("alone-{{build_name}}.txt", "{{build_name}}"), except: ["pot"] },
        [
          { type: "manifest", output: "chain-{{build_name}}.json", custom_data: { k: "{{build_type}}" } },
          write("chain-{{build_name}}.txt", "chain"),
        ],
        { type: "manifest", only: ["pot"], output: "pot.json", strip_path: true },
      ],
    },
    arguments: ["-parallel-builds=1"],
  },
  "-except cuts a chain": {
    template: {
      builders: [NULL],
      "post-processors": [
        [write("first.txt", "1"), { ...write("second.txt", "2"), name: "cut" }, write("third.txt", "3")],
        ["manifest", write("other.txt", "4")],
      ],
    },
    arguments: ["-except=cut,manifest"],
  },
  "the builder's artifact is kept, or not": {
    template: {
      builders: [FILE, { ...FILE, name: "kept", target: "kept.txt" }],
      "post-processors": [
        { type: "compress", output: "{{build_name}}.tar", only: ["file"] },
        { type: "compress", output: "{{build_name}}.tar", only: ["kept"], keep_input_artifact: true },
      ],
    },
  },
  "a failing provisioner and the cleanup": {
    template: {
      builders: [NULL],
      provisioners: [write("before.txt", "1"), { type: "shell-local", inline: ["exit 3"] }, write("after.txt", "2")],
      "error-cleanup-provisioner": write("cleanup.txt", "{{build_name}}"),
      "post-processors": ["manifest"],
    },
  },
};

test.skipIf(!packer).concurrent.for(Object.entries(CASES))(
  packer ? "a build makes what it makes with Packer: %s" : `a build makes what Packer makes: %s (${WITHOUT_PACKER})`,
  async ([, each], { expect }) => {
    await using ours = new Workplace();
    await using theirs = new Workplace();
    for (const { cwd } of [ours, theirs]) {
      writeFileSync(join(cwd, "t.json"), JSON.stringify(each.template));
      for (const [file, text] of Object.entries(each.files ?? {})) writeFileSync(join(cwd, file), text);
    }
    const argv = ["build", ...(each.arguments ?? []), "t.json"];
    const environment = { INGOT_TEST: "from outside" };
    const [ended, expected] = await Promise.all([
      ours.run(argv, { environment }),
      runPacker(argv, theirs.cwd, environment),
    ]);
    expect({ code: ended.code, files: filesIn(ours.cwd) }, ended.stdout + expected.stdout).toEqual({
      code: expected.code,
      files: filesIn(theirs.cwd),
    });
  },
);

const DESCRIBED = {
  description: "two\nlines, and <b>",
  variables: { a: "1", longer: "{{user `a`}}", z: null, secret: "x,y" },
  "sensitive-variables": ["secret"],
  builders: [{ ...NULL, name: "with a long name" }, NULL, { ...FILE, name: "a" }],
  provisioners: [write("x", "y"), { type: "file", source: "a", destination: "b" }],
};

test.skipIf(!packer).concurrent.for(Object.entries({ "the least of all": { builders: [NULL] }, all: DESCRIBED }))(
  packer ? "inspect prints what Packer prints: %s" : `inspect prints what Packer prints: %s (${WITHOUT_PACKER})`,
  async ([, template], { expect }) => {
    await using place = new Workplace();
    writeFileSync(join(place.cwd, "t.json"), JSON.stringify(template));
    for (const flags of [[], ["-machine-readable"]]) {
      const argv = ["inspect", ...flags, "t.json"];
      const [ended, expected] = await Promise.all([place.run(argv), runPacker(argv, place.cwd)]);
      expect(withoutTimes(ended.stdout)).toBe(withoutTimes(expected.stdout));
      expect(ended.code).toBe(expected.code);
    }
  },
);

function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name !== "packer_cache");
  return Object.fromEntries(
    names
      .sort()
      .map((name) => [name, name.endsWith(".tar") ? "an archive" : settled(readFileSync(join(folder, name), "utf8"))]),
  );
}

/** Without what is different every time. */
function settled(text: string): string {
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<uuid>").replaceAll(/"build_time": \d+/g, '"build_time": 0');
}

function withoutTimes(text: string): string {
  return text.replace(/^\d+,/gm, "");
}
