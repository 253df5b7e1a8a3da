import { expect, test } from "vitest";
import { TemplateBench } from "../../../test/support/template-bench.ts";

const BUILD = `
source "maker" "a" {
  image = "x"
}
build {
  sources = ["source.maker.a"]
}
`;

function plugins(requirement: string): string {
  return `packer {\nrequired_plugins {\n${requirement}\n}\n}`;
}

test.each<[string, string, string[]]>([
  ["a suitable required_version", 'packer {\nrequired_version = ">= 1.7, < 2"\n}', []],
  [
    "an unsuitable one, and nothing else is looked at",
    'packer {\nrequired_version = ">= 2.0"\n}\nfoo = 1',
    ["error main.pkr.hcl:2: Unsupported Packer Core version"],
  ],
  [
    "what is no version constraint",
    'packer {\nrequired_version = "latest"\n}\nfoo = 1',
    ["error main.pkr.hcl:2: Invalid version constraint", "error main.pkr.hcl:4: Unsupported argument"],
  ],
  ["a required plugin", plugins('docker = { source = "github.com/hashicorp/docker", version = ">= 1.0.0, < 2" }'), []],
  ["a plugin as a mere text", plugins('docker = "1.0"'), ["error main.pkr.hcl:3: Invalid plugin requirement"]],
  [
    "a plugin without version",
    plugins('docker = { source = "a.b/c/docker" }'),
    ["error main.pkr.hcl:3: No version constraint was set"],
  ],
  ["a plugin without source", plugins('docker = { version = "1" }'), ["error main.pkr.hcl:3: No source was set"]],
  [
    "a plugin with something else",
    plugins('docker = { source = "a.b/c/docker", version = "1", other = 1 }'),
    ["error main.pkr.hcl:3: Invalid required_plugins object"],
  ],
  [
    "a plugin of a pre-release",
    plugins('docker = { source = "a.b/c/docker", version = ">= 1.0.0-dev" }'),
    ["error main.pkr.hcl:3: Invalid version constraint"],
  ],
  [
    "a plugin with an empty version",
    plugins('docker = { source = "a.b/c/docker", version = "" }'),
    ["error main.pkr.hcl:3: Invalid version constraint"],
  ],
  [
    "a plugin whose version is no constant",
    plugins('docker = { source = "a.b/c/docker", version = var.x }'),
    ["error main.pkr.hcl:3: Variables not allowed"],
  ],
  [
    "a plugin of a short source",
    plugins('docker = { source = "hashicorp/docker", version = "1" }'),
    ["error main.pkr.hcl:3: Invalid plugin source string"],
  ],
  [
    "a plugin of a bad name",
    plugins('Do--cker = { source = "a.b/c/docker", version = "1" }'),
    ["error main.pkr.hcl:3: Invalid plugin local name"],
  ],
  [
    "a plugin twice",
    `${plugins('a = { source = "a.b/c/a", version = "1" }')}\n${plugins('a = { source = "a.b/c/a", version = "1" }')}`,
    ['error main.pkr.hcl:8: Duplicate required_plugin."a" block'],
  ],
  ["an argument at the root", "foo = 1", ["error main.pkr.hcl:1: Unsupported argument"]],
  ["an unknown block", 'surce "maker" "b" {}', ["error main.pkr.hcl:1: Unsupported block type"]],
  ["a dynamic block at the root", 'dynamic "source" {}', ["error main.pkr.hcl:1: Unsupported block type"]],
  ["a communicator block, which is ignored", 'communicator "ssh" "x" {\nany = thing.at.all\n}', []],
  ["a source without a name", 'source "maker" {}', ["error main.pkr.hcl:1: Missing name for source"]],
  ["two sources of one name", 'source "maker" "a" { image = "y" }', ["error main.pkr.hcl:2: Duplicate source block"]],
  ["an unused source of an unknown type", 'source "nobody" "knows" {\nany = thing.at.all\n}', []],
  [
    "a registry",
    'hcp_packer_registry {\nbucket_name = "my-bucket"\n}',
    ["warning main.pkr.hcl:1: Nothing is published to the HCP Packer registry"],
  ],
  [
    "a faulty registry",
    'hcp_packer_registry {\nbucket_name = "x"\n}',
    [
      "error main.pkr.hcl:2: Invalid bucket_name",
      "warning main.pkr.hcl:1: Nothing is published to the HCP Packer registry",
    ],
  ],
])("%s", async (_what, text, faults) => {
  using bench = new TemplateBench(`${text}${BUILD}`);
  expect((await bench.check()).faults).toEqual(faults);
});

test("a registry in a dynamic block that yields nothing is nothing", async () => {
  using bench = new TemplateBench(`
source "maker" "a" {
  image = "x"
}
build {
  sources = ["source.maker.a"]
  dynamic "hcp_packer_registry" {
    for_each = []
    content {
      bucket_name = "x"
    }
  }
}`);
  expect((await bench.check()).faults).toEqual([]);
});
