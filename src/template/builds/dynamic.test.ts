import { expect, test } from "vitest";
import { configOf, TemplateBench } from "../../../test/support/template-bench.ts";

const DYNAMIC = `
variable "tags" {
  default = { a = "1", b = "2" }
}

source "maker" "one" {
  image = "i"
  dynamic "tag" {
    for_each = var.tags
    content {
      key   = "\${source.name}-\${tag.key}"
      value = tag.value
    }
  }
}

build {
  name = "web"
  dynamic "source" {
    for_each = ["x", "y"]
    labels   = ["maker.one"]
    content {
      name = source.value
      text = "\${source.value} \${packer.version}"
    }
  }
  dynamic "provisioner" {
    for_each = ["p", "q"]
    iterator = each
    labels   = ["helper"]
    content {
      name = each.value
      text = "\${each.value} \${build.name} \${source.name} \${build.ID}"
      dynamic "tag" {
        for_each = ["t"]
        content {
          key = "\${tag.value} \${each.value} \${build.ID}"
        }
      }
    }
  }
  post-processors {
    dynamic "post-processor" {
      for_each = ["m", "n"]
      iterator = pp
      labels   = ["finisher"]
      content {
        name = pp.value
        text = "\${pp.key} \${build.ID}"
      }
    }
  }
}
`;

test("dynamic blocks make sources, provisioners, post-processors and options, and see build and source when they run", async () => {
  using bench = new TemplateBench(DYNAMIC);
  const { plan, faults } = await bench.check();
  expect(faults).toEqual([]);
  expect(plan?.builds.map(({ name }) => name)).toEqual(["web.maker.x", "web.maker.y"]);
  const [x, y] = plan?.builds ?? [];
  expect(await configOf(x?.builder, bench.host())).toMatchObject({
    tag: [
      { key: "x-a", value: "1" },
      { key: "x-b", value: "2" },
    ],
  });
  expect(y?.provisioners.map(({ name }) => name)).toEqual(["p", "q"]);
  expect(await configOf(y?.provisioners[1], bench.host(), { ID: "i-1" })).toEqual({
    text: "q web y i-1",
    tag: [{ key: "t q i-1" }],
  });
  expect(await configOf(y?.postProcessors[0]?.[1], bench.host(), { ID: "i-1" })).toMatchObject({ text: "1 i-1" });
});

test("a dynamic block whose for_each comes from an unread data source is no fault while a template is checked", async () => {
  using bench = new TemplateBench(`
    data "lookup" "it" {
      text = "x"
    }
    source "maker" "one" {
      image = "i"
      dynamic "tag" {
        for_each = data.lookup.it.texts
        content {
          key = tag.value
        }
      }
    }
    build {
      sources = ["source.maker.one"]
      dynamic "provisioner" {
        for_each = data.lookup.it.texts
        labels   = ["helper"]
        content {
          pause_before = provisioner.value
        }
      }
    }`);
  const { faults, plan } = await bench.check({ input: { reading: undefined } });
  expect(faults).toEqual([]);
  expect(plan?.builds[0]?.provisioners).toEqual([]);
  expect(bench.reads).toEqual([]);
});
