import type { NodeKind, TemplateEdge, TemplateGraph, TemplateNode } from "./template-graph.ts";

const DOT_SHAPES: Readonly<Record<NodeKind, string>> = {
  variable: "ellipse",
  local: "ellipse",
  data: "cylinder",
  source: "folder",
  build: "box3d",
  provisioner: "box",
  "post-processor": "cds",
};

const DOT_EDGES: Readonly<Record<TemplateEdge["kind"], string>> = {
  value: "",
  order: " [style=bold]",
  failure: ' [style=dashed, label="on failure"]',
};

/** The graph for Graphviz. */
export function dotText({ nodes, edges }: TemplateGraph): string {
  const line = ({ id, kind, label }: TemplateNode) =>
    `${dotName(id)} [label=${dotName(label)}, shape=${DOT_SHAPES[kind]}];`;
  return [
    "digraph template {",
    "  rankdir = LR;",
    ...nodes.filter(({ group }) => group === undefined).map((node) => `  ${line(node)}`),
    ...groupsOf(nodes).flatMap(([group, members], index) => [
      `  subgraph cluster_${index} {`,
      `    label = ${dotName(group)};`,
      ...members.map((node) => `    ${line(node)}`),
      "  }",
    ]),
    ...edges.map(({ from, to, kind }) => `  ${dotName(from)} -> ${dotName(to)}${DOT_EDGES[kind]};`),
    "}",
    "",
  ].join("\n");
}

function dotName(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

const MERMAID_SHAPES: Readonly<Record<NodeKind, readonly [open: string, close: string]>> = {
  variable: ["([", "])"],
  local: ["([", "])"],
  data: ["[(", ")]"],
  source: ["[/", "/]"],
  build: ["[[", "]]"],
  provisioner: ["[", "]"],
  "post-processor": [">", "]"],
};

const MERMAID_EDGES: Readonly<Record<TemplateEdge["kind"], string>> = {
  value: "-->",
  order: "==>",
  failure: "-. on failure .->",
};

/** The graph for Mermaid, which draws it in Markdown of GitHub, GitLab and others. */
export function mermaidText({ nodes, edges }: TemplateGraph): string {
  // Mermaid takes no free text as a name, so nodes are numbered.
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const line = ({ id, kind, label }: TemplateNode) => {
    const [open, close] = MERMAID_SHAPES[kind];
    return `${names.get(id)}${open}${mermaidLabel(label)}${close}`;
  };
  return [
    "flowchart LR",
    ...nodes.filter(({ group }) => group === undefined).map((node) => `  ${line(node)}`),
    ...groupsOf(nodes).flatMap(([group, members], index) => [
      `  subgraph g${index} [${mermaidLabel(group)}]`,
      ...members.map((node) => `    ${line(node)}`),
      "  end",
    ]),
    ...edges.map(({ from, to, kind }) => `  ${names.get(from)} ${MERMAID_EDGES[kind]} ${names.get(to)}`),
    "",
  ].join("\n");
}

/** Mermaid knows entities by number and no other escape. */
function mermaidLabel(text: string): string {
  return `"${text.replaceAll(/[#";<>&\n]/g, (character) => `#${character.codePointAt(0)};`)}"`;
}

function groupsOf(nodes: readonly TemplateNode[]): [group: string, members: TemplateNode[]][] {
  const groups = new Map<string, TemplateNode[]>();
  for (const node of nodes) {
    if (node.group === undefined) continue;
    const members = groups.get(node.group);
    if (members) members.push(node);
    else groups.set(node.group, [node]);
  }
  return [...groups];
}
