import { describe, expect, test } from "vitest";
import { TemplateBench } from "../../../test/support/template-bench.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { evaluateTemplate } from "../../template/evaluate-template.ts";
import { parseTemplate } from "../../template/parse-template.ts";
import { buildShapes } from "./build-shapes.ts";
import { dotText, mermaidText } from "./graph-text.ts";
import { outlinePlan } from "./outline-plan.ts";
import { planText } from "./plan-text.ts";
import { partOfBuilds, templateGraph } from "./template-graph.ts";
import { valueReferences } from "./value-references.ts";

const TEMPLATE = `
variable "size" {
  default   = 4711
  sensitive = true
}
variable "unused" {
  default = 1
}
data "lookup" "it" {
  text = "x"
}
locals {
  text  = upper(data.lookup.it.text)
  later = "\${local.text}!"
  known = "k"
}
source "maker" "a" {
  image = local.known
  count = var.size
  text  = local.later
  tag {
    key   = "t"
    value = local.later
  }
  tag {
    key = "u"
  }
}
source "maker" "b" {
  image = "b"
}
build {
  name    = "web"
  sources = ["maker.a", "maker.b"]
  provisioner "helper" {
    only  = ["maker.a"]
    text  = "\${build.ID} \${data.lookup.it.text}"
    texts = ["a", "b"]
  }
  post-processor "finisher" {}
}
`;

describe("an outline", () => {
  test("says of each option whether it is known, secret, or what it waits for", async () => {
    const outline = await outlineOf(TEMPLATE);

    expect(outline.builds[0]?.builder.options).toEqual({
      image: { value: "k" },
      count: { sensitive: true },
      text: { knownAfter: ["data.lookup.it"] },
      tag: { blocks: [{ key: { value: "t" }, value: { knownAfter: ["data.lookup.it"] } }, { key: { value: "u" } }] },
    });
    expect(outline.builds[0]?.provisioners[0]?.options).toEqual({
      text: { knownAfter: ["build.ID", "data.lookup.it"] },
      texts: { value: ["a", "b"] },
    });
    expect(outline.builds[1]?.provisioners).toEqual([]);
    expect(outline.variables[0]).toEqual({ name: "size", sensitive: true, from: "default" });
    expect(outline.locals.slice(0, 2)).toEqual([
      { name: "text", knownAfter: ["data.lookup.it"] },
      { name: "later", knownAfter: ["data.lookup.it"] },
    ]);
    expect(outline.stages).toEqual([["local.known", "data.lookup.it"], ["local.text"], ["local.later"]]);
    expect(JSON.stringify(outline) + planText(outline)).not.toContain("4711");
  });

  test("cuts a long text short, but not in JSON", async () => {
    const outline = await outlineOf(`
      source "maker" "a" {
        image = "${"x".repeat(500)}"
      }
      build {
        sources = ["maker.a"]
      }`);

    expect(planText(outline)).toContain("x… (502 characters)");
    expect(JSON.stringify(outline)).toContain("x".repeat(500));
  });
});

describe("a graph", () => {
  test("holds every reference, and those of what is generated", async () => {
    const graph = await graphOf(TEMPLATE);

    const edges = graph.edges.map(({ from, to }) => `${from} -> ${to}`);
    expect(edges).toContain("data.lookup.it -> local.text");
    expect(edges).toContain("var.size -> source.maker.a");
    expect(edges).toContain("source.maker.b -> build/web.maker.b");
    expect(edges).toContain("build/web.maker.b -> build web/post-processor/0.0");
    expect(edges).toContain("build web/provisioner/0 -> build web/post-processor/0.0");
    expect(edges).not.toContain("build/web.maker.b -> build web/provisioner/0");
  });

  test("of some builds leaves out what does not lead to them", async () => {
    const part = partOfBuilds(await graphOf(TEMPLATE, ["web.maker.b"]));

    expect(part.nodes.map(({ id }) => id)).toEqual([
      "source.maker.b",
      "build/web.maker.b",
      "build web/post-processor/0.0",
    ]);
  });

  test("keeps odd names from being more than names", () => {
    const node = { id: 'a"b\\', kind: "build", label: 'x"] --> y; #1\n', group: 'g"' } as const;
    const graph = { nodes: [node], edges: [{ from: node.id, to: node.id, kind: "value" } as const] };

    expect(dotText(graph)).toContain('"a\\"b\\\\" [label="x\\"] --> y; #1\\n", shape=box3d];');
    expect(mermaidText(graph)).toContain('n0[["x#34;] --#62; y#59; #35;1#10;"]]');
    expect(mermaidText(graph)).toContain('subgraph g0 ["g#34;"]');
  });
});

async function loaded(text: string) {
  using bench = new TemplateBench(text);
  const host = bench.host();
  const input = bench.input({}, host);
  const diagnostics = new Diagnostics();
  const parsed = await parseTemplate(input, diagnostics);
  if (parsed?.language !== "hcl2") throw new Error("not parsed");
  const template = await evaluateTemplate(
    parsed,
    { catalogue: bench.catalogue, requireValues: true, reading: undefined },
    diagnostics,
  );
  const plan = await template.plan({ only: [], except: [] }, diagnostics);
  expect(diagnostics.all).toEqual([]);
  return { host, parsed, template, plan };
}

async function outlineOf(text: string) {
  const { host, parsed, template, plan } = await loaded(text);
  const references = valueReferences(parsed, template);
  return outlinePlan({ loaded: template, plan, references, host, mask: (shown) => shown });
}

async function graphOf(text: string, only: readonly string[] = []) {
  const { parsed, template } = await loaded(text);
  const builds = buildShapes(parsed, template, { only, except: [] }, new Diagnostics()) ?? [];
  return templateGraph(parsed, valueReferences(parsed, template), builds);
}
