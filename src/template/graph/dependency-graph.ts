import type { Range } from "../../hcl/source/source.ts";

/** Something that others refer to by key, and what it refers to itself. Every edge leads to a node of the same graph. */
export interface GraphNode {
  readonly key: string;
  readonly edges: readonly Edge[];
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Where the reference is written. */
  readonly place: Range;
}

/** The shortest way round of each knot of nodes that need each other, in the order of the nodes. */
export function findCycles(nodes: readonly GraphNode[]): readonly (readonly Edge[])[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  return knots(nodes, byKey).map((knot) => shortestCycle(knot, byKey));
}

/**
 * Works on every node after all that it refers to, in no other order: whatever returns no promise is done at once, the
 * rest runs side by side. `work` must not reject. Nodes on a cycle, and those that need them, are never worked on.
 */
export async function forEachInOrder<N extends GraphNode>(
  nodes: readonly N[],
  work: (node: N) => Promise<void> | undefined,
): Promise<void> {
  const waitsFor = new Map(nodes.map((node) => [node.key, new Set(node.edges.map((edge) => edge.to)).size]));
  const dependents = dependentsOf(nodes);
  const ready = nodes.filter((node) => waitsFor.get(node.key) === 0);
  const running = new Set<Promise<void>>();
  const finish = (node: N) => {
    for (const dependent of dependents.get(node.key) ?? []) {
      const left = (waitsFor.get(dependent.key) ?? 0) - 1;
      waitsFor.set(dependent.key, left);
      if (left === 0) ready.push(dependent);
    }
  };
  for (;;) {
    for (let node = ready.shift(); node; node = ready.shift()) {
      const current = node;
      const promise = work(current);
      if (!promise) {
        finish(current);
        continue;
      }
      const tracked: Promise<void> = promise.then(() => {
        running.delete(tracked);
        finish(current);
      });
      running.add(tracked);
    }
    if (running.size === 0) return;
    await Promise.race(running);
  }
}

function dependentsOf<N extends GraphNode>(nodes: readonly N[]): Map<string, N[]> {
  const dependents = new Map<string, N[]>();
  for (const node of nodes) {
    for (const key of new Set(node.edges.map((edge) => edge.to))) {
      const others = dependents.get(key);
      if (others) others.push(node);
      else dependents.set(key, [node]);
    }
  }
  return dependents;
}

/** Tarjan's strongly connected components, without recursion: chains of locals may be as long as people like. */
function knots(nodes: readonly GraphNode[], byKey: ReadonlyMap<string, GraphNode>): ReadonlySet<string>[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const found: Set<string>[] = [];
  for (const root of nodes) {
    if (order.has(root.key)) continue;
    const path: { node: GraphNode; next: number }[] = [];
    const enter = (node: GraphNode) => {
      order.set(node.key, order.size);
      lowest.set(node.key, order.size - 1);
      open.push(node.key);
      isOpen.add(node.key);
      path.push({ node, next: 0 });
    };
    enter(root);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const { node } = step;
      const edge = node.edges[step.next++];
      if (edge) {
        const target = byKey.get(edge.to);
        if (target && !order.has(edge.to)) enter(target);
        else if (isOpen.has(edge.to)) lower(lowest, node.key, order.get(edge.to));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent) lower(lowest, parent.node.key, lowest.get(node.key));
      if (lowest.get(node.key) !== order.get(node.key)) continue;
      const members = new Set(open.splice(open.lastIndexOf(node.key)));
      for (const member of members) isOpen.delete(member);
      if (members.size > 1 || node.edges.some((own) => own.to === node.key)) found.push(members);
    }
  }
  const place = new Map(nodes.map((node, index) => [node.key, index]));
  const first = (knot: Set<string>) => Math.min(...[...knot].map((key) => place.get(key) ?? 0));
  return found.sort((a, b) => first(a) - first(b));
}

function lower(lowest: Map<string, number>, key: string, candidate: number | undefined): void {
  if (candidate !== undefined && candidate < (lowest.get(key) ?? 0)) lowest.set(key, candidate);
}

/** Breadth first from the knot's first node back to itself. */
function shortestCycle(knot: ReadonlySet<string>, byKey: ReadonlyMap<string, GraphNode>): readonly Edge[] {
  const start = [...byKey.keys()].find((key) => knot.has(key)) ?? "";
  const cameBy = new Map<string, Edge>();
  const queue = [start];
  for (const key of queue) {
    for (const edge of byKey.get(key)?.edges ?? []) {
      if (!knot.has(edge.to) || cameBy.has(edge.to)) continue;
      cameBy.set(edge.to, edge);
      queue.push(edge.to);
    }
    if (cameBy.has(start)) break;
  }
  const way: Edge[] = [];
  for (let edge = cameBy.get(start); edge; edge = edge.from === start ? undefined : cameBy.get(edge.from)) {
    way.unshift(edge);
  }
  return way;
}
