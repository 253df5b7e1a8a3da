import { expect, test } from "vitest";
import type { RunEvent } from "../../sdk/events.ts";
import { Failure } from "../../sdk/failure.ts";
import { openMasker } from "../masking/masker.ts";
import { type EventStreamParts, eventStream } from "./event-stream.ts";

function watched(parts: Partial<EventStreamParts> = {}): { shown: RunEvent[]; stream: ReturnType<typeof eventStream> } {
  const shown: RunEvent[] = [];
  const stream = eventStream({
    clock: () => new Date(5),
    mask: (text) => text,
    journal: undefined,
    show: (event) => shown.push(event),
    ...parts,
  });
  return { shown, stream };
}

test("a secret that is also a word of the program hides texts, and names of what is owned from all but the journal", () => {
  const { mask } = openMasker(["docker", "container", "line", "stdout", "success"]);
  const journaled: RunEvent[] = [];
  const append = (event: RunEvent) => void journaled.push(event);
  const { shown, stream } = watched({ mask, journal: { append, commit: async (event) => append(event) } });
  const build = "web.docker.base";
  const owned = { kind: "docker-container", id: "container-1", mark: "container-1", data: { name: "docker" } };
  stream.emit({ type: "line", level: "stdout", text: "a docker line", build });
  stream.emit({ type: "owned", owned, build });
  stream.emit({
    type: "undo-failed",
    owned,
    what: "container x",
    byHand: "rm x",
    error: { message: "docker said no", causes: ["no line"], hint: "restart docker" },
  });
  stream.emit({
    type: "step-finished",
    step: "docker",
    outcome: "succeeded",
    milliseconds: 1,
    attempts: 1,
    result: { docker: ["docker", 1, null] },
  });
  const hidden = "<sensitive>";
  const shownOwned = { ...owned, id: `${hidden}-1`, data: { name: hidden } };
  expect(journaled.slice(1, 3)).toMatchObject([{ owned }, { owned }]);
  expect(shown).toEqual([
    { type: "line", level: "stdout", text: `a ${hidden} ${hidden}`, build, time: 5 },
    { type: "owned", owned: shownOwned, build, time: 5 },
    {
      type: "undo-failed",
      owned: shownOwned,
      what: `${hidden} x`,
      byHand: "rm x",
      error: { message: `${hidden} said no`, causes: [`no ${hidden}`], hint: `restart ${hidden}` },
      time: 5,
    },
    {
      type: "step-finished",
      step: "docker",
      outcome: "succeeded",
      milliseconds: 1,
      attempts: 1,
      result: { docker: [hidden, 1, null] },
      time: 5,
    },
  ]);
});

test("what must be durable is in the journal before anyone sees it, or nobody does", async () => {
  const order: string[] = [];
  const journal = { append: () => {}, commit: async () => void order.push("journal") };
  const durable = watched({ journal, show: () => order.push("shown") });
  await durable.stream.record({ type: "cancelling", reason: "x" });
  expect(order).toEqual(["journal", "shown"]);

  const full = { append: () => {}, commit: () => Promise.reject(new Failure("no space left")) };
  const refused = watched({ journal: full });
  await expect(refused.stream.record({ type: "cancelling", reason: "x" })).rejects.toThrow("no space left");
  expect(refused.shown).toEqual([]);
});

test("progress is shown and not journaled; after the end nothing is either", async () => {
  const journaled: string[] = [];
  const journal = { append: (event: RunEvent) => void journaled.push(event.type), commit: async () => {} };
  const { shown, stream } = watched({ journal });
  stream.emit({ type: "progress", id: "1", title: "Copy", current: 1 });
  stream.emit({ type: "cancelling", reason: "x" });
  stream.close();
  stream.emit({ type: "cancelling", reason: "late" });
  await expect(stream.record({ type: "cancelling", reason: "late" })).rejects.toThrow("the run has ended");
  expect(shown.map(({ type }) => type)).toEqual(["progress", "cancelling"]);
  expect(journaled).toEqual(["cancelling"]);
});

test("what is shown comes in the order of the journal, also behind a record that is still being written", async () => {
  const written = Promise.withResolvers<void>();
  const { shown, stream } = watched({ journal: { append: () => {}, commit: () => written.promise } });

  const recorded = stream.record({ type: "checkpoint", key: "first", record: null });
  stream.emit({ type: "line", level: "say", text: "second" });

  expect(shown).toEqual([]);
  written.resolve();
  await recorded;
  expect(shown.map(({ type }) => type)).toEqual(["checkpoint", "line"]);
});

test("a record that could not be written holds nothing up, nor does one that never ends", async () => {
  const { shown, stream } = watched({
    journal: { append: () => {}, commit: async () => Promise.reject(new Failure("full")) },
  });
  const hanging = watched({ journal: { append: () => {}, commit: () => new Promise(() => {}) } });

  const refused = stream.record({ type: "checkpoint", key: "lost", record: null });
  stream.emit({ type: "line", level: "say", text: "goes on" });
  void hanging.stream.record({ type: "checkpoint", key: "hangs", record: null });
  hanging.stream.emit({ type: "line", level: "say", text: "the end" });
  hanging.stream.close();

  await expect(refused).rejects.toThrow("full");
  expect(shown.map(({ type }) => type)).toEqual(["line"]);
  expect(hanging.shown.map(({ type }) => type)).toEqual(["line"]);
});
