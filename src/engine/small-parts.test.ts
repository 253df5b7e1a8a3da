import { expect, test } from "vitest";
import { goDuration } from "./go-duration.ts";
import { semaphore } from "./semaphore.ts";
import { uniqueNames } from "./unique-names.ts";

test.each([
  [0, "0s"],
  [250, "250ms"],
  [1500, "1.5s"],
  [10_000, "10s"],
  [300_000, "5m0s"],
  [3_600_000, "1h0m0s"],
  [5_405_500, "1h30m5.5s"],
])("%d ms is %s to Go", (milliseconds, text) => {
  expect(goDuration(milliseconds)).toBe(text);
});

test.each([
  [1, 1],
  [3, 3],
  [0, 20],
  [-1, 20],
])("of %d places, %d are taken at once", async (places, most) => {
  const place = semaphore(places);
  let running = 0;
  let seen = 0;
  const order: number[] = [];
  const work = (index: number) =>
    place(async () => {
      order.push(index);
      seen = Math.max(seen, ++running);
      await new Promise(setImmediate);
      running--;
      if (index % 7 === 3) throw new Error("one of them fails");
    });
  await Promise.allSettled(Array.from({ length: 20 }, (_, index) => work(index)));
  expect(seen).toBe(most);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test("builds of one name are told apart", () => {
  expect(uniqueNames(["a", "b", "a", "a", "a (2)"])).toEqual(["a", "b", "a (2)", "a (3)", "a (2) (2)"]);
});
