import { describe, expect, test } from "vitest";
import { configOf, type Given, TemplateBench } from "../../../test/support/template-bench.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";

const SOURCES = `
source "maker" "a" {
  image = "x"
}
source "maker" "b" {
  image = "x"
}
source "other-maker" "a" {
  image = "x"
}
`;

async function checkBuild(content: string, given: Given = {}) {
  using bench = new TemplateBench(`${SOURCES}build {\n${content}\n}`);
  return await bench.check(given);
}

test.each<[string, string, string[]]>([
  ["no source at all", "", ["error main.pkr.hcl:11: missing source reference"]],
  ["an empty list of sources", "sources = []", []],
  ["a reference of one word", 'sources = ["a"]', ["error main.pkr.hcl:12: Invalid source reference"]],
  ["a reference with anything in front", 'sources = ["whatever.maker.a"]', []],
  ["a reference of what is no name", 'sources = ["maker.1 a"]', ["error main.pkr.hcl:12: Invalid source reference"]],
  ["an unknown source", 'sources = ["maker.a", "source.maker.c"]', ["error main.pkr.hcl:12: Unknown source maker.c"]],
  ["a source that is no text", "sources = [1]", ["error main.pkr.hcl:12: Invalid source reference"]],
  ["no list", 'sources = "maker.a"', ["error main.pkr.hcl:12: Unsuitable value type"]],
  ["an unknown argument", 'sources = ["maker.a"]\nsource = "x"', ["error main.pkr.hcl:13: Unsupported argument"]],
  [
    "an unknown block",
    'sources = ["maker.a"]\nprovisoner "helper" {}',
    ["error main.pkr.hcl:13: Unsupported block type"],
  ],
  ["a from block, which is ignored", 'sources = ["maker.a"]\nfrom "x" {}', []],
  [
    "a source that sets again what is set",
    'source "maker.a" {\nimage = "y"\n}',
    ["error main.pkr.hcl:13: Duplicate argument"],
  ],
  ["a build name that is not known", "name = var.x\nsources = []", ["error main.pkr.hcl:12: Unsupported attribute"]],
])("a build with %s", async (_what, content, faults) => {
  expect((await checkBuild(content)).faults).toEqual(faults);
});

test("a template without a build is a fault of a build, and not of inspecting", async () => {
  using bench = new TemplateBench(SOURCES);
  const { faults, template } = await bench.check();
  expect(faults).toEqual(["error: Missing build block"]);
  expect(template?.builds).toEqual([]);
});

test.each<[string, string, string[]]>([
  ["an unknown provisioner", 'provisioner "nobody" {}', ['error main.pkr.hcl:13: Unknown provisioner type "nobody"']],
  ["one of a plugin", 'provisioner "ansible" {}', ['error main.pkr.hcl:13: Unknown provisioner type "ansible"']],
  ["a provisioner without type", "provisioner {}", ["error main.pkr.hcl:13: Missing type for provisioner"]],
  [
    "an unknown post-processor",
    'post-processors {\npost-processor "nobody" {}\n}',
    ['error main.pkr.hcl:14: Unknown post-processor type "nobody"'],
  ],
  [
    "an unknown error-cleanup-provisioner",
    'error-cleanup-provisioner "nobody" {}',
    ['error main.pkr.hcl:13: Unknown error-cleanup-provisioner type "nobody"'],
  ],
  [
    "two error-cleanup-provisioners",
    'error-cleanup-provisioner "helper" {}\nerror-cleanup-provisioner "helper" {}',
    ["error main.pkr.hcl:14: Only one error-cleanup-provisioner is allowed"],
  ],
  [
    "something else in a chain",
    'post-processors {\nprovisioner "helper" {}\n}',
    ["error main.pkr.hcl:14: Unsupported block type"],
  ],
  [
    "a pause without unit",
    'provisioner "helper" {\npause_before = "10"\n}',
    ["error main.pkr.hcl:14: Failed to parse pause_before duration"],
  ],
  [
    "a timeout that is none",
    'provisioner "helper" {\ntimeout = "soon"\n}',
    ["error main.pkr.hcl:14: Failed to parse timeout duration"],
  ],
  [
    "only and except at once",
    'provisioner "helper" {\nonly = ["maker.a"]\nexcept = ["maker.a"]\n}',
    ["error main.pkr.hcl:15: only one of 'only' or 'except' may be specified"],
  ],
  [
    "a name that never matches",
    'post-processor "finisher" {\nexcept = ["source.maker.a"]\n}',
    ['warning main.pkr.hcl:14: A name in "except" matches no source'],
  ],
  [
    "an override that is no object",
    'provisioner "helper" {\noverride = ["a"]\n}',
    ["error main.pkr.hcl:14: provisioner's override block must be an HCL object"],
  ],
  [
    "an override for nobody",
    'provisioner "helper" {\noverride = {\nx = { text = "y" }\n}\n}',
    ['warning main.pkr.hcl:15: A name in "override" matches no source'],
  ],
  [
    "an override with an unknown option",
    'provisioner "helper" {\noverride = {\na = { txet = "y" }\n}\n}',
    ["error main.pkr.hcl:15: unknown configuration key: '\"txet\"'"],
  ],
  [
    "an option of a wrong type",
    'provisioner "helper" {\ncount = "many"\n}',
    ["error main.pkr.hcl:14: Incorrect attribute value type"],
  ],
  [
    "what the component's own check finds",
    'provisioner "helper" {\nname = "it"\ntext = "bad"\n}',
    ['error main.pkr.hcl:15: Failed preparing provisioner-block "helper" "it"'],
  ],
  [
    "an unknown fact",
    'provisioner "helper" {\ntext = build.Nothing\n}',
    ["error main.pkr.hcl:14: Unsupported attribute"],
  ],
  ["a fact that the builder adds", 'provisioner "helper" {\ntext = build.Digest\n}', []],
  [
    "a fact where none is known",
    'provisioner "helper" {\nname = build.ID\n}',
    ["error main.pkr.hcl:14: Unsupported attribute"],
  ],
])("%s is reported once, though two sources share it", async (_what, content, faults) => {
  const found = await checkBuild(`sources = ["maker.a", "maker.b"]\n${content}`);
  expect(found.faults).toEqual(faults);
});

test("a builder of a plugin is named with the plugin that it needs", async () => {
  using bench = new TemplateBench('source "amazon-ebs" "a" {}\nbuild {\nsources = ["amazon-ebs.a"]\n}');
  const { faults, diagnostics } = await bench.check();
  expect(faults).toEqual(["error main.pkr.hcl:1: Unknown source type amazon-ebs"]);
  expect(diagnostics.all[0]?.detail).toContain('the Packer plugin "amazon" (github.com/hashicorp/amazon)');
});

test("a required plugin that is not well known is named with its own source", async () => {
  using bench = new TemplateBench(`packer {
    required_plugins {
      happy = { source = "github.com/me/happy", version = ">= 1" }
    }
  }
  source "happy-cloud" "a" {}
  build {
    sources = ["happy-cloud.a"]
  }`);
  expect((await bench.check()).diagnostics.all[0]?.detail).toContain('"happy" (github.com/me/happy)');
});

test("a block for some sources is only in their builds", async () => {
  const { plan } = await checkBuild(`
    sources = ["maker.a", "maker.b", "other-maker.a"]
    provisioner "helper" {
      name = "only"
      only = ["maker.a"]
    }
    provisioner "helper" {
      name   = "except"
      except = ["maker.a", "maker.b"]
    }
    provisioner "helper" {
      name = "empty"
      only = []
    }`);
  expect(plan?.builds.map(({ name, provisioners }) => [name, ...provisioners.map((one) => one.name)])).toEqual([
    ["maker.a", "only", "empty"],
    ["maker.b", "empty"],
    ["other-maker.a", "except", "empty"],
  ]);
});

describe("the filters of the command line", () => {
  const content = `
    name    = "n"
    sources = ["maker.a", "maker.b"]
    post-processors {
      post-processor "finisher" {
        name = "first"
      }
      post-processor "finisher" {}
      post-processor "finisher" {
        name = "last"
      }
    }`;
  const builds = async (given: Given) => {
    const { plan, faults } = await checkBuild(content, given);
    const names = plan?.builds.map(({ name, postProcessors }) => `${name}: ${postProcessors[0]?.length ?? 0}`);
    return { names, faults };
  };
  const unused = (flag: string) =>
    `warning: an '${flag}' option was passed, but not all matches were found for the given build.`;

  test.each<[Given, string[], string[]]>([
    [{ only: ["n.maker.a"] }, ["n.maker.a: 3"], []],
    [{ only: ["*.b"] }, ["n.maker.b: 3"], []],
    [{ only: ["*"], except: ["*.a"] }, ["n.maker.b: 3"], []],
    [{ except: ["last"] }, ["n.maker.a: 2", "n.maker.b: 2"], []],
    [{ except: ["finisher"] }, ["n.maker.a: 1", "n.maker.b: 1"], []],
    [{ except: ["first"] }, ["n.maker.a: 0", "n.maker.b: 0"], []],
    [{ only: ["*.a", "*.c"] }, ["n.maker.a: 3"], [unused("only")]],
    [{ except: ["nothing"] }, ["n.maker.a: 3", "n.maker.b: 3"], [unused("except")]],
    [{ only: ["maker.a"] }, [], [unused("only"), "error: No builds to run"]],
    [{ except: ["*"] }, [], ["error: No builds to run"]],
    [{ only: ["["] }, [], ["error: Invalid -only pattern ["]],
  ])("%j", async (given, names, faults) => {
    expect(await builds(given)).toEqual({ names, faults });
  });
});

test("where nothing is to be built it is no fault that the filters leave nothing", async () => {
  using bench = new TemplateBench(`${SOURCES}build {\nsources = ["maker.a"]\n}`);
  const { template } = await bench.check();
  const diagnostics = new Diagnostics();
  await template?.plan({ only: [], except: ["*"], mayLeaveNone: true }, diagnostics);
  expect(diagnostics.all).toEqual([]);
});

test("what the machine says is known when the build runs, and its secrets are secret", async () => {
  using bench = new TemplateBench(`${SOURCES}build {
    sources = ["maker.a"]
    provisioner "helper" {
      texts = [build.ID, build.Host, build.Digest, "\${build.Port}", build.PackerHTTPAddr, build.Password]
    }
  }`);
  const { plan } = await bench.check();
  const [provisioner] = plan?.builds[0]?.provisioners ?? [];
  const facts = { ID: "i-1", Host: "h", Port: 22, Digest: "sha", Password: "hunter22" };
  expect(await configOf(provisioner, bench.host(), facts)).toMatchObject({
    texts: ["i-1", "h", "sha", "22", "ERR_HTTP_ADDR_NOT_IMPLEMENTED_BY_BUILDER", "hunter22"],
  });
});

test("options are rendered as Packer's own templates too", async () => {
  using bench = new TemplateBench(`${SOURCES}build {
    sources = ["maker.a"]
    provisioner "helper" {
      texts = ["{{build_name}} {{build_type}} {{packer_version}}", "{{template_dir}}"]
    }
  }`);
  const { plan } = await bench.check();
  expect(await configOf(plan?.builds[0]?.provisioners[0], bench.host())).toMatchObject({
    texts: ["a maker 1.16.0", bench.folder],
  });
});
