import { describe, expect, test } from "vitest";
import type { Happening, RunEvent } from "../../sdk/events.ts";
import { jsonLinesRenderer } from "./json-lines.ts";
import { lanesRenderer } from "./lanes.ts";
import { machineReadableRenderer } from "./machine-readable.ts";
import { plainRenderer } from "./plain.ts";

const GOLDEN = "../../../test/golden/renderers";

/** Two builds: one is made and tagged, the other fails and leaves a container that could not be removed. */
const run: RunEvent[] = at(
  {
    type: "run-started",
    runId: "20261123-101500-x7k2",
    ingot: "0.1.0",
    template: "web.pkr.hcl",
    builds: ["web.docker.base", "web.null.b"],
    arguments: ["web.pkr.hcl"],
  },
  { type: "build-started", builder: "docker", build: "web.docker.base" },
  { type: "build-started", builder: "null", build: "web.null.b" },
  { type: "step-started", step: "start-container", title: "Start container", kind: "step", build: "web.docker.base" },
  { type: "line", level: "say", text: "Starting docker container...", build: "web.docker.base" },
  {
    type: "progress",
    id: "1",
    title: "Pulling debian",
    current: 5_000_000,
    total: 20_000_000,
    build: "web.docker.base",
  },
  {
    type: "step-finished",
    step: "start-container",
    outcome: "succeeded",
    milliseconds: 420,
    attempts: 1,
    build: "web.docker.base",
  },
  {
    type: "step-started",
    step: "p0",
    title: "shell",
    kind: "provisioner",
    component: "shell",
    build: "web.docker.base",
  },
  { type: "line", level: "stdout", text: "hi, there\nsecond line  ", build: "web.docker.base" },
  { type: "line", level: "stderr", text: "careful", build: "web.docker.base" },
  {
    type: "step-finished",
    step: "p0",
    outcome: "succeeded",
    milliseconds: 1260,
    attempts: 2,
    build: "web.docker.base",
  },
  {
    type: "line",
    level: "say",
    text: "Tagging image",
    target: "web.docker.base (docker-tag)",
    build: "web.docker.base",
  },
  {
    type: "undo-failed",
    owned: { kind: "docker-container", id: "ingot-4f2a", mark: "ingot-4f2a", data: {} },
    what: "container ingot-4f2a",
    error: { message: "The Docker engine does not answer", hint: "Is it running?" },
    byHand: "docker rm -f ingot-4f2a",
    build: "web.null.b",
  },
  {
    type: "build-finished",
    outcome: "failed",
    milliseconds: 2000,
    error: { message: "Script exited with non-zero exit status: 3. Allowed exit codes are: [0]" },
    build: "web.null.b",
  },
  {
    type: "artifact",
    index: 0,
    artifact: {
      builderId: "packer.docker",
      id: "sha256:abc",
      description: "Imported Docker image: sha256:abc",
      files: [{ path: "a,b.tar" }],
    },
    build: "web.docker.base",
  },
  { type: "build-finished", outcome: "succeeded", milliseconds: 3210, build: "web.docker.base" },
  { type: "run-finished", outcome: "failed", milliseconds: 3300 },
);

const cancelled: RunEvent[] = at(
  { type: "run-started", runId: "r", ingot: "0.1.0", template: "t", builds: ["null.a"], arguments: [] },
  { type: "build-started", builder: "null", build: "null.a" },
  { type: "cancelling", reason: "interrupt" },
  { type: "build-finished", outcome: "cancelled", milliseconds: 100, build: "null.a" },
  { type: "run-finished", outcome: "cancelled", milliseconds: 120 },
);

describe("a run reads the same, whole", () => {
  test("as plain lines", async () => {
    await expect(
      rendered(run, (write) => plainRenderer(write, { color: false, timestamps: false })),
    ).toMatchFileSnapshot(`${GOLDEN}/plain.txt`);
  });

  test("as plain lines with colours and times", async () => {
    await expect(rendered(run, (write) => plainRenderer(write, { color: true, timestamps: true }))).toMatchFileSnapshot(
      `${GOLDEN}/color.txt`,
    );
  });

  test("as machine-readable lines", async () => {
    await expect(rendered(run, machineReadableRenderer)).toMatchFileSnapshot(`${GOLDEN}/machine-readable.txt`);
  });

  test("as JSON lines", async () => {
    await expect(rendered(run, jsonLinesRenderer)).toMatchFileSnapshot(`${GOLDEN}/events.jsonl`);
  });

  test("when it was cancelled", async () => {
    await expect(
      rendered(cancelled, (write) => plainRenderer(write, { color: false, timestamps: false })),
    ).toMatchFileSnapshot(`${GOLDEN}/cancelled.txt`);
  });
});

test("lanes erase all of what they drew when the terminal was made narrower meanwhile", () => {
  const screen = fakeScreen(60, 30);
  const renderer = lanesRenderer(screen);
  for (const event of run.slice(0, 10)) renderer.event(event);
  screen.tick();

  screen.narrow(25);
  screen.tick();

  const live = screen.visible();
  expect(live.filter((line) => line.includes("web.docker.base"))).toHaveLength(1);
  expect(Math.max(...live.map((line) => line.length))).toBeLessThan(25);
});

test("lanes count wide characters as two columns", () => {
  const screen = fakeScreen(40, 12);
  const renderer = lanesRenderer(screen);
  const wide = "日本語の文字".repeat(10);

  for (const event of at(
    { type: "build-started", build: "a", builder: "null" },
    { type: "line", build: "a", level: "stdout", text: wide },
  ))
    renderer.event(event);
  screen.tick();

  expect(screen.visible().at(-1)).toBe(`  │ ${"日本語の文字".repeat(10).slice(0, 17)}…`);
});

test("lanes show of a failed build its last lines, shortened, and where all of them are", () => {
  const screen = fakeScreen(80, 24);
  const renderer = lanesRenderer(screen);
  const said = Array.from({ length: 50 }, (_, index) => `line ${index}`);

  for (const event of at(
    { type: "run-started", runId: "run-7", ingot: "0", template: "t", builds: ["a"], arguments: [] },
    { type: "build-started", build: "a", builder: "null" },
    ...said.map((text) => ({ type: "line", build: "a", level: "stdout", text }) as const),
    { type: "line", build: "a", level: "stdout", text: "x".repeat(5000) },
    { type: "build-finished", build: "a", outcome: "failed", milliseconds: 1, error: { message: "no" } },
  ))
    renderer.event(event);
  renderer.close();

  const shown = screen.visible();
  expect(shown[0]).toBe("  │ … 11 earlier lines: ingot runs show run-7");
  expect(shown[1]).toBe("  │ line 11");
  expect(shown[40]).toBe(`  │ ${"x".repeat(1000)}… (4000 more characters)`);
});

test("lanes never draw more lines than the terminal has, and erase what they drew", () => {
  const screen = fakeScreen(60, 8);
  const renderer = lanesRenderer(screen);

  for (const event of run.slice(0, 10)) renderer.event(event);
  screen.tick();
  const live = screen.visible();
  for (const event of run.slice(10)) renderer.event(event);
  renderer.close();

  expect(live.length).toBeLessThanOrEqual(8);
  expect(live.join("\n")).toContain("web.docker.base");
  expect(live.join("\n")).toContain("25%");
  expect(Math.max(...live.map((line) => line.length))).toBeLessThan(60);
  const after = screen.visible().join("\n");
  expect(after).toContain("✔ Build 'web.docker.base' finished after 3 seconds 210 milliseconds.");
  expect(after).not.toContain("⠋");
});

function at(...happenings: (Happening & { build?: string })[]): RunEvent[] {
  return happenings.map((happening, index) => ({ time: 1_795_410_000_000 + index * 100, ...happening }));
}

function rendered(
  events: readonly RunEvent[],
  make: (write: (text: string) => void) => { event(event: RunEvent): void; close(): void },
): string {
  let text = "";
  const renderer = make((more) => {
    text += more;
  });
  for (const event of events) renderer.event(event);
  renderer.close();
  return text;
}

/** A terminal that knows "up n lines", "erase below" and newlines: what lanes write. */
function fakeScreen(width: number, rows: number) {
  let columns = width;
  let lines: string[] = [""];
  let tick = () => {};
  return {
    columns: () => columns,
    rows: () => rows,
    color: false,
    now: () => 1_795_410_001_000,
    every(_milliseconds: number, work: () => void) {
      tick = work;
      return () => {
        tick = () => {};
      };
    },
    write(text: string) {
      for (const [part] of text.matchAll(/\u001b\[\d+A\r\u001b\[J|\n|[^\n\u001b]+/g)) {
        if (part === "\n") lines.push("");
        else if (part.startsWith("\u001b"))
          lines.splice(lines.length - 1 - Number(/\d+/.exec(part)?.[0]), Number.POSITIVE_INFINITY, "");
        else lines[lines.length - 1] += part;
      }
    },
    tick: () => tick(),
    /** As terminals do it: lines that are too long now are broken into several. */
    narrow(to: number) {
      columns = to;
      lines = lines.flatMap((line) => line.match(new RegExp(`.{1,${to}}`, "gu")) ?? [""]);
    },
    visible: () => lines.slice(0, -1),
  };
}
