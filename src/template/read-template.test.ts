import { expect, test } from "vitest";
import { configOf, TemplateBench } from "../../test/support/template-bench.ts";

const COMPLETE = `
packer {
  required_version = ">= 1.7.0"
}

variable "name" {
  type    = string
  default = "web"
}

variables {
  count = 3
}

locals {
  full  = "\${local.base}-\${var.name}"
  base  = "image"
}

data "lookup" "base" {
  text = local.full
}

source "maker" "one" {
  image = data.lookup.base.text
  text  = "\${source.type}/\${source.name} in \${path.root}"
  count = var.count
}

build {
  name    = "all"
  sources = ["source.maker.one"]

  source "maker.one" {
    name = "two"
    on   = true
  }

  provisioner "helper" {
    text         = "\${build.name} \${source.name} \${build.ID}"
    pause_before = "1m30s"
    timeout      = "5m"
    max_retries  = 2
    override = {
      two = { text = "other" }
    }
  }

  provisioner "helper" {
    only = ["maker.two"]
    name = "second"
  }

  error-cleanup-provisioner "helper" {
    text = "clean"
  }

  post-processor "finisher" {
    text = "alone \${packer.version}"
    keep_input_artifact = true
  }

  post-processors {
    post-processor "finisher" { text = "first" }
    post-processor "finisher" {
      name   = "last"
      except = ["maker.two"]
    }
  }
}
`;

test("a template becomes a plan of one build for each source", async () => {
  using bench = new TemplateBench(COMPLETE);
  const { plan, faults } = await bench.check();
  expect(faults).toEqual([]);
  expect(plan?.builds.map(({ name, sourceName, buildBlockName }) => ({ name, sourceName, buildBlockName }))).toEqual([
    { name: "all.maker.one", sourceName: "one", buildBlockName: "all" },
    { name: "all.maker.two", sourceName: "one", buildBlockName: "all" },
  ]);
  const [one, two] = plan?.builds ?? [];
  expect(await configOf(one?.builder, bench.host())).toEqual({
    image: "image-web",
    text: "maker/one in .",
    count: 3,
    tag: [],
  });
  expect(await configOf(two?.builder, bench.host())).toMatchObject({ text: "maker/two in .", on: true });

  expect(one?.provisioners).toHaveLength(1);
  expect(two?.provisioners.map(({ name }) => name)).toEqual([undefined, "second"]);
  expect(one?.provisioners[0]).toMatchObject({
    type: "helper",
    pauseBefore: 90_000,
    timeout: 300_000,
    maxRetries: 2,
    continueOnError: false,
  });
  expect(await configOf(one?.provisioners[0], bench.host())).toEqual({ tag: [] });
  expect(await configOf(one?.provisioners[0], bench.host(), { ID: "c1" })).toMatchObject({ text: "all one c1" });
  expect(await configOf(two?.provisioners[0], bench.host(), { ID: "c1" })).toMatchObject({ text: "other" });
  expect(await configOf(one?.errorCleanupProvisioner, bench.host())).toMatchObject({ text: "clean" });

  expect(one?.postProcessors.map((chain) => chain.map(({ name }) => name ?? "-"))).toEqual([["-"], ["-", "last"]]);
  expect(two?.postProcessors.map((chain) => chain.map(({ name }) => name ?? "-"))).toEqual([["-"], ["-"]]);
  expect(one?.postProcessors[0]?.[0]?.keepInputArtifact).toBe(true);
  expect(one?.postProcessors[1]?.[0]).not.toHaveProperty("keepInputArtifact");
});
