import type { LegacyTemplate } from "../../template/legacy/structure/legacy-template.ts";
import type { ParsedTemplate } from "../../template/parse-template.ts";
import { type BuildShape, usersIn } from "./build-shapes.ts";
import { keysOf, type ValueReferences } from "./value-references.ts";

export type NodeKind = "variable" | "local" | "data" | "source" | "build" | "provisioner" | "post-processor";

export interface TemplateNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** Drawn together. */
  readonly group?: string;
}

export interface TemplateEdge {
  readonly from: string;
  readonly to: string;
  /** "value": `to` refers to `from`. "order": it runs after it. "failure": it runs when that fails. */
  readonly kind: "value" | "order" | "failure";
}

export interface TemplateGraph {
  readonly nodes: readonly TemplateNode[];
  readonly edges: readonly TemplateEdge[];
}

/** All that the template declares and the builds given, joined by references and by the order of the work. */
export function templateGraph(
  parsed: ParsedTemplate,
  references: ValueReferences,
  builds: readonly BuildShape[],
): TemplateGraph {
  const nodes: TemplateNode[] = [...parsed.variables.keys()].map((name) => declared(`var.${name}`, "variable"));
  const edges: TemplateEdge[] = [];
  for (const [key, uses] of references.uses) {
    nodes.push(declared(key, key.startsWith("local.") ? "local" : "data"));
    edges.push(...valueEdges(uses, key));
  }
  for (const { key, body } of parsed.sources.values()) {
    nodes.push(declared(`source.${key}`, "source"));
    edges.push(...valueEdges(keysOf(body.references()), `source.${key}`));
  }
  return withBuilds({ nodes, edges }, builds);
}

/** The same for a template of the old JSON format. */
export function legacyGraph(template: LegacyTemplate, builds: readonly BuildShape[]): TemplateGraph {
  const variables = [...template.variables.values()];
  const nodes = variables.map(({ name }) => declared(`var.${name}`, "variable"));
  const edges = variables.flatMap(({ name, range }) => valueEdges(usersIn(range), `var.${name}`));
  return withBuilds({ nodes, edges }, builds);
}

function declared(key: string, kind: NodeKind): TemplateNode {
  return { id: key, kind, label: key };
}

function valueEdges(uses: readonly string[], to: string): TemplateEdge[] {
  return uses.map((from) => ({ from, to, kind: "value" }));
}

function withBuilds(graph: TemplateGraph, builds: readonly BuildShape[]): TemplateGraph {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = new Map(graph.edges.map((edge) => [JSON.stringify(edge), edge]));
  const add = (node: TemplateNode, uses: readonly string[]) => {
    nodes.set(node.id, node);
    for (const edge of valueEdges(uses, node.id)) join(edge);
  };
  const join = (edge: TemplateEdge) => edges.set(JSON.stringify(edge), edge);
  for (const build of builds) {
    const { group } = build;
    const id = `build/${build.name}`;
    add({ id, kind: "build", label: `${build.name} (${build.type})`, group }, build.uses);
    if (build.source !== undefined) join({ from: build.source, to: id, kind: "value" });
    let last = id;
    for (const step of build.provisioners) {
      add({ id: step.id, kind: "provisioner", label: step.label, group }, step.uses);
      join({ from: last, to: step.id, kind: "order" });
      last = step.id;
    }
    if (build.cleanup) {
      add({ id: build.cleanup.id, kind: "provisioner", label: build.cleanup.label, group }, build.cleanup.uses);
      join({ from: last, to: build.cleanup.id, kind: "failure" });
    }
    for (const chain of build.chains) {
      let before = last;
      for (const step of chain) {
        add({ id: step.id, kind: "post-processor", label: step.label, group }, step.uses);
        join({ from: before, to: step.id, kind: "order" });
        before = step.id;
      }
    }
  }
  // A reference to what is not declared was reported, and leads nowhere.
  const drawn = [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to));
  return { nodes: [...nodes.values()], edges: drawn };
}

/** Only what leads to a build, or comes from one. */
export function partOfBuilds({ nodes, edges }: TemplateGraph): TemplateGraph {
  const kept = new Set(nodes.filter(({ group }) => group !== undefined).map(({ id }) => id));
  for (let before = -1; before !== kept.size; ) {
    before = kept.size;
    for (const { from, to } of edges) if (kept.has(to)) kept.add(from);
  }
  return { nodes: nodes.filter(({ id }) => kept.has(id)), edges: edges.filter(({ to }) => kept.has(to)) };
}
