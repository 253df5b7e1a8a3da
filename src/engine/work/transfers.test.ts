import { expect, test } from "vitest";
import type { Happening } from "../../sdk/events.ts";
import { transfers } from "./transfers.ts";

function watched(): {
  events: Extract<Happening, { type: "progress" }>[];
  clock: { now: number };
  all: ReturnType<typeof transfers>;
} {
  const events: Extract<Happening, { type: "progress" }>[] = [];
  const clock = { now: 0 };
  const all = transfers(
    (event) => {
      if (event.type === "progress") events.push(event);
    },
    () => clock.now,
  );
  return { events, clock, all };
}

test("a busy transfer is shown ten times a second, and its end always", () => {
  const { events, clock, all } = watched();
  const progress = all.start("Copy", 1000);
  for (let current = 1; current <= 1000; current++) {
    clock.now++;
    progress.update(current);
  }
  clock.now += 5;
  progress.done();
  expect(events.length).toBe(1 + 10 + 1);
  expect(events.at(-1)).toMatchObject({ current: 1000, total: 1000, done: true });
});

test("an update between two events is not lost when the transfer ends", () => {
  const { events, all } = watched();
  const progress = all.start("Copy");
  progress.update(7, 9);
  progress.done();
  progress.update(8);
  progress.done();
  expect(events.map(({ current, total, done }) => [current, total, done])).toEqual([
    [0, undefined, undefined],
    [7, 9, true],
  ]);
});

test("transfers that nobody ended end with their work, each under an id of its own", () => {
  const { events, all } = watched();
  all.start("one");
  all.start("two");
  all.close();
  all.close();
  expect(events.filter(({ done }) => done).map(({ title }) => title)).toEqual(["one", "two"]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
});
