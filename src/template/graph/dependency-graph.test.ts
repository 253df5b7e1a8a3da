import { expect, test } from "vitest";
import { rangeOf } from "../../hcl/source/source.ts";
import { findCycles, forEachInOrder, type GraphNode } from "./dependency-graph.ts";

const place = rangeOf({ name: "t", text: "" }, 0, 0);

function graph(edges: Record<string, string>): GraphNode[] {
  return Object.entries(edges).map(([key, to]) => ({
    key,
    edges: [...to].map((target) => ({ from: key, to: target, place })),
  }));
}

function cycles(edges: Record<string, string>): string[] {
  return findCycles(graph(edges)).map((way) => way.map((edge) => edge.from).join(""));
}

test("every knot is found once, by its shortest way round, in the order of the nodes", () => {
  expect(cycles({ a: "b", b: "c", c: "" })).toEqual([]);
  expect(cycles({ a: "a" })).toEqual(["a"]);
  expect(cycles({ x: "a", a: "b", b: "c", c: "a" })).toEqual(["abc"]);
  expect(cycles({ a: "bc", b: "d", c: "a", d: "c" })).toEqual(["ac"]);
  expect(cycles({ p: "q", q: "p", a: "b", b: "a" })).toEqual(["pq", "ab"]);
});

test("a node is worked on after all that it refers to, and independent ones side by side", async () => {
  const started: string[] = [];
  const release = new Map<string, () => void>();
  const done = forEachInOrder(graph({ c: "ab", a: "", b: "", d: "" }), (node) => {
    started.push(node.key);
    return node.key === "d" ? undefined : new Promise((resolve) => release.set(node.key, resolve));
  });
  expect(started).toEqual(["a", "b", "d"]);
  release.get("a")?.();
  await Promise.resolve();
  expect(started).not.toContain("c");
  release.get("b")?.();
  await expect.poll(() => started).toContain("c");
  release.get("c")?.();
  await done;
});

test("a cycle and what needs it are left out, the rest is worked on", async () => {
  const seen: string[] = [];
  await forEachInOrder(graph({ a: "b", b: "a", c: "a", d: "e", e: "" }), (node) => {
    seen.push(node.key);
    return undefined;
  });
  expect(seen).toEqual(["e", "d"]);
});

test("a chain of a hundred thousand nodes needs no deep stack", async () => {
  const count = 100_000;
  const chain = Array.from({ length: count }, (_, index) => ({
    key: String(index),
    edges: index + 1 < count ? [{ from: String(index), to: String(index + 1), place }] : [],
  }));
  expect(findCycles(chain)).toEqual([]);
  let seen = 0;
  await forEachInOrder(chain, () => {
    seen++;
    return undefined;
  });
  expect(seen).toBe(count);
});
