import { expect, test } from "vitest";
import { configOf, TemplateBench } from "../../../test/support/template-bench.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { readLegacyStructure } from "../legacy/structure/read-legacy-structure.ts";
import type { Plan, PlannedBuild } from "../plan.ts";
import { upgradeTemplate } from "./upgrade-template.ts";

const FACTS = { ID: "c1", Host: "h", Port: 22, Digest: "d", PackerRunUUID: "u1" };

/** Templates of components of the bench, each of which must mean the same after the upgrade. */
test.each<[string, unknown, string[]?]>([
  ["the least of all", { builders: [{ type: "maker", image: "a" }] }],
  [
    "variables: with defaults, without, of others, secret, from the environment, with odd names",
    {
      variables: {
        plain: "a",
        needed: null,
        derived: "{{user `plain`}}-{{user `needed`}}",
        "deeply derived": "{{user `derived`}}{{lower `AB`}}",
        secret: "s3cret",
        "secret too": "{{user `secret`}}!",
        home: "{{env `HOME`}}",
        mixed: "{{env `INGOT_TEST`}}-{{user `plain`}}",
        odd: 'q${x} %{if} $${y} \n\t"\\',
      },
      "sensitive-variables": ["secret", "secret too"],
      builders: [
        {
          type: "maker",
          name: "one",
          image: "{{user `deeply derived`}} {{user `secret too`}}",
          texts: [
            "$%{{user `plain`}}{{user `secret`}}$${{upper `x`}}%%",
            "{{user `home`}}",
            "{{user `mixed`}}",
            "{{user `odd`}}",
          ],
        },
      ],
    },
    ["needed=n"],
  ],
  [
    "template functions that HCL has",
    {
      variables: { v: "A-b-C" },
      builders: [
        {
          type: "maker",
          name: "one",
          image: "{{lower `X`}}{{user `v` | upper}}{{replace_all `-` `+` (user `v`)}}{{replace `a` `b` -1 `aa`}}",
          texts: ["{{split (user `v`) `-` 1}}", "{{packer_version}}", "{{pwd}}", "{{ `{` }}x", '{{"q\\"q"}}'],
        },
      ],
    },
  ],
  [
    "what HCL has no word for",
    {
      variables: { v: "yes" },
      builders: [
        {
          type: "maker",
          name: "one",
          image:
            "{{replace `a` `b` 1 `aa`}} {{replace_all `/a/` `c` `x/a/y`}} {{if eq (user `v`) `yes`}}A{{user `v`}}{{else}}B{{end}}",
          text: "{{printf `%s-%d` (user `v`) 5}} {{user `v` | printf `%q`}} {{with $e := (slice `abc` 1)}}x{{$e}}{{end}}${v}",
        },
      ],
    },
  ],
  [
    "loose values",
    {
      variables: { list: "a,b" },
      builders: [
        {
          type: "maker",
          name: "one",
          image: 5,
          text: true,
          texts: "x,y",
          Count: "7",
          on: "1",
          tag: { key: "k" },
        },
        {
          type: "maker",
          name: "two",
          image: "i",
          texts: "{{user `list`}}",
          on: 0,
          tag: [{ key: "k" }, { key: "l", value: "v" }],
        },
        { type: "maker", name: "three", image: "i", text: null, texts: [], on: true, count: 1.5 },
      ],
    },
  ],
  [
    "names of builds: only, except, override, and templates that read the name",
    {
      variables: { v: "x" },
      builders: [
        { type: "maker", image: "i" },
        { type: "maker", name: "my maker", image: "{{build_name}} {{build_type}}" },
        { type: "maker", name: "2nd.{{user `v`}}", image: "i" },
      ],
      provisioners: [
        {
          type: "helper",
          only: ["maker", "2nd.{{user `v`}}"],
          text: "{{build_name}} {{build `ID`}} {{build `Digest`}}",
        },
        {
          type: "helper",
          except: ["maker"],
          text: "a",
          count: 1,
          override: { "my maker": { text: "b" }, "2nd.{{user `v`}}": { text: "{{user `v`}}", tag: [{ key: "k" }] } },
        },
      ],
      "post-processors": [
        { type: "finisher", only: ["my maker"] },
        ["finisher", { type: "finisher", except: ["maker"] }],
      ],
    },
  ],
  [
    "what a provisioner and a post-processor say besides their options",
    {
      min_packer_version: "1.6.0",
      description: 'a "description" of ${more}\nthan one line',
      variables: { n: "3" },
      builders: [{ type: "maker", name: "one", image: "i" }],
      provisioners: [{ type: "helper", pause_before: "90s", timeout: "5m", max_retries: "{{user `n`}}", text: "t" }],
      "error-cleanup-provisioner": { type: "helper", text: "clean" },
      "post-processors": [
        "finisher",
        { type: "finisher", name: "last", keep_input_artifact: true, texts: ["{{.Later}}"] },
        [
          { type: "finisher", keep_input_artifact: false },
          { type: "finisher", text: "{{build `ID`}}" },
        ],
      ],
    },
  ],
])("after the upgrade a template means what it meant: %s", async (_what, template, vars = []) => {
  const json = JSON.stringify(template);
  const { text } = await upgrade(json, false);
  using bench = new TemplateBench({ "old/t.json": json, "new/t.json.pkr.hcl": text });
  const given = { vars, environment: { INGOT_TEST: "e" } };
  const before = await bench.check({ path: "old/t.json", ...given });
  const after = await bench.check({ path: "new/t.json.pkr.hcl", ...given });

  expect([before.faults, after.faults, text]).toEqual([[], [], text]);
  expect(await meaningOf(after.plan, bench, unnamed(template))).toEqual(
    await meaningOf(before.plan, bench, unnamed(template)),
  );
  expect(after.secrets).toEqual(expect.arrayContaining([...before.secrets]));
});

test("the layout is the one that Packer has", async () => {
  const template = {
    min_packer_version: "1.6.0",
    description: "d",
    variables: { a: "1", secret: null, l: "{{user `a`}}{{timestamp}}" },
    "sensitive-variables": ["secret"],
    builders: [
      { type: "maker", name: "b", image: "{{isotime `2006`}}", tags: { a: 1 } },
      {
        type: "amazon-ebs",
        region: "r",
        source_ami_filter: { filters: { name: "u*" }, owners: ["1"] },
        nested: { x: { y: [1, [2]] } },
        odd: { "odd name": null },
        devices: [{ n: 1 }, { n: 2 }],
        none: [],
      },
    ],
    provisioners: [{ type: "helper", text: "t" }],
    "post-processors": ["finisher", ["finisher", { type: "finisher", keep_input_artifact: true, text: "x" }]],
  };
  const { text, unknownBuilders } = await upgrade(JSON.stringify(template), false);
  expect(unknownBuilders).toEqual([]);
  expect(text).toBe(LAYOUT);
});

const LAYOUT = `packer {
  required_version = ">= 1.6.0"
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "~> 1"
    }
  }
}

variable "a" {
  type    = string
  default = "1"
}

variable "secret" {
  type      = string
  sensitive = true
}

data "amazon-ami" "autogenerated_1" {
  filters = {
    name = "u*"
  }
  owners = ["1"]
  region = "r"
}

locals { timestamp = regex_replace(timestamp(), "[- TZ:]", "") }
# legacy_isotime() is here for old layouts of times; formatdate() with timestamp() says the same in HCL's own words.

locals {
  l = "\${var.a}\${local.timestamp}"
}

source "amazon-ebs" "autogenerated_1" {
  devices {
    n = 1
  }
  devices {
    n = 2
  }
  nested {
    x {
      y = [1, [2]]
    }
  }
  odd = {
    "odd name" = null
  }
  region     = "r"
  source_ami = "\${data.amazon-ami.autogenerated_1.id}"
}

source "maker" "b" {
  image = "\${legacy_isotime("2006")}"
  tags = {
    a = 1
  }
}

build {
  description = "d"

  sources = ["source.amazon-ebs.autogenerated_1", "source.maker.b"]

  provisioner "helper" {
    text = "t"
  }

  post-processor "finisher" {
  }
  post-processors {
    post-processor "finisher" {
    }
    post-processor "finisher" {
      keep_input_artifact = true
      text                = "x"
    }
  }
}
`;

test("a builder that nobody knows is written, and told", async () => {
  const { text, unknownBuilders } = await upgrade('{"builders": [{"type": "nobody-knows", "x": 1}]}', false);
  expect(unknownBuilders).toEqual(["nobody-knows"]);
  expect(text).toContain('source "nobody-knows" "autogenerated_1" {\n  x = 1\n}');
});

test("what HCL has no word for is said above its block", async () => {
  const json = '{"builders": [{"type": "maker", "image": "{{clean_resource_name (user `x`)}}", "text": "{{ a"}]}';
  const { text } = await upgrade(json, false);
  expect(text).toContain(`variable "x" {
  type = string
}

# Please look at this block again. Not all of it could be said in HCL:
# - HCL has no function like "clean_resource_name": it works in the options of the components that know it, and stays.
# - This is no template, and stays as it was: template: root:1: unclosed action
source "maker" "autogenerated_1" {
  image = "{{ clean_resource_name \`\${var.x}\` }}"
  text  = "{{ a"
}
`);
});

test("annotations are comments and change nothing", async () => {
  const json = JSON.stringify({
    min_packer_version: "1.6.0",
    variables: { a: "1", b: "{{user `a`}}" },
    builders: [{ type: "maker", image: "{{user `b`}}" }],
  });
  const { text: plain } = await upgrade(json, false);
  const { text } = await upgrade(json, true);
  expect(text).not.toBe(plain);
  const withoutComments = text.replace(/^#.*\n/gm, "").trimStart();
  expect(withoutComments).toBe(plain.trimStart());
});

async function upgrade(json: string, annotated: boolean) {
  using bench = new TemplateBench({});
  const diagnostics = new Diagnostics();
  const structure = readLegacyStructure({ name: "t.json", text: json }, diagnostics);
  if (!structure) throw new Error(diagnostics.all[0]?.summary);
  return upgradeTemplate(structure, { catalogue: bench.catalogue, annotated });
}

/** Where no name is written and nothing reads it, the build gets a new one. */
function unnamed(template: unknown): boolean {
  return !JSON.stringify(template).includes("name");
}

async function meaningOf(plan: Plan | undefined, bench: TemplateBench, withoutNames: boolean) {
  const host = bench.host({ INGOT_TEST: "e" });
  const builds = await Promise.all((plan?.builds ?? []).map((build) => meaningOfBuild(build, host)));
  return builds
    .map(({ name, ...rest }) => (withoutNames ? rest : { name, ...rest }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

async function meaningOfBuild(build: PlannedBuild, host: ReturnType<TemplateBench["host"]>) {
  const provisioner = async (one: PlannedBuild["provisioners"][number]) => ({
    type: one.type,
    config: await configOf(one, host, FACTS),
    pauseBefore: one.pauseBefore,
    timeout: one.timeout,
    maxRetries: one.maxRetries,
  });
  return {
    // As the build calls its source; the source itself may need another name.
    name: build.name.replace(/^maker\./, ""),
    builder: [build.builder.type, await configOf(build.builder, host)],
    provisioners: await Promise.all(build.provisioners.map(provisioner)),
    cleanup: build.errorCleanupProvisioner && (await provisioner(build.errorCleanupProvisioner)),
    postProcessors: await Promise.all(
      build.postProcessors.map((chain) =>
        Promise.all(
          chain.map(async (one) => ({
            name: one.name ?? one.type,
            keep: one.keepInputArtifact,
            config: await configOf(one, host, FACTS),
          })),
        ),
      ),
    ),
  };
}
